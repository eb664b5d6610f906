-- include parts_session.lua
-- Whether a live session is subscribed to a URI (ARGV). Returns its lifetime in ms, or nil.

local ttl = redis.call('HGET', session, 'ttl')
if not ttl or redis.call('SISMEMBER', base .. 'subscriptions', ARGV[1]) == 0 then return false end
return ttl
