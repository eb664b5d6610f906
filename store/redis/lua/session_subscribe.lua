-- include parts_session.lua
-- Adds a subscription. ARGV: the URI, how many a session may have.
-- Returns the session's lifetime in ms, or session_not_found, or overloaded.

local ttl = redis.call('HGET', session, 'ttl')
if not ttl then return 'session_not_found' end
local own = base .. 'subscriptions'
if redis.call('SISMEMBER', own, ARGV[1]) == 1 then return ttl end
if redis.call('SCARD', own) >= tonumber(ARGV[2]) then return 'overloaded' end
redis.call('SADD', own, ARGV[1])
redis.call('PEXPIREAT', own, keys_until())
return ttl
