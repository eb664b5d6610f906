-- include parts_session.lua parts_forget.lua
-- Forgets the streams and calls of a session, whether it is alive or not.
-- Returns {request id, node, boot, ticket, ...} of the calls.

forget_streams()
return forget_calls()
