-- include parts_session.lua parts_forget.lua
-- Ends a session with everything that belongs to it.
-- Returns {1 if it was alive, {URI it was subscribed to, ...}, {request id, node, boot, ticket, ...}}.

local existed = redis.call('DEL', session)
local subscriptions = redis.call('SMEMBERS', base .. 'subscriptions')
forget_streams()
local calls = forget_calls()
redis.call('UNLINK', base .. 'subscriptions')
return {existed, subscriptions, calls}
