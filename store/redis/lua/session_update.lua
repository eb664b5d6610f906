-- include parts_session.lua parts_prolong.lua
-- Replaces a session's record and prolongs it. ARGV: the version that the writer has seen, then all fields and values.
-- Returns ok, or {ok, lifetime in ms, {URI, ...}} as session_touch.lua does, or session_not_found, or conflict if
-- another writer was first.

local known = redis.call('HMGET', session, 'version', 'ttl', 'keysUntil')
if not known[1] then return 'session_not_found' end
if known[1] ~= ARGV[1] then return 'conflict' end

-- A new value may have fewer pieces than the old one: nothing of that may stay.
redis.call('DEL', session)
redis.call('HSET', session, 'ttl', known[2], unpack(ARGV, 2))
if known[3] then redis.call('HSET', session, 'keysUntil', known[3]) end
if not prolong(known[2], known[3]) then return 'ok' end
return {'ok', known[2], redis.call('SMEMBERS', base .. 'subscriptions')}
