-- include parts_session.lua parts_call.lua
-- Takes a call away without a response. ARGV: request id.
-- Returns {stream, owner's node, its boot, deadline, record, version, ticket}, or nil if there is no such call.

local call = find_call(ARGV[1])
if not call then return false end
remove_call(ARGV[1])
return call
