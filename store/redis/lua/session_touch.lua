-- include parts_session.lua parts_prolong.lua
-- Prolongs a session: what every request of it costs. Returns nil (no such session), or its version, or now and then
-- {version, lifetime in ms, {URI it is subscribed to, ...}}: the index of subscribers is then to be renewed too.

local known = redis.call('HMGET', session, 'version', 'ttl', 'keysUntil')
if not known[1] then return false end
if not prolong(known[2], known[3]) then return known[1] end
return {known[1], known[2], redis.call('SMEMBERS', base .. 'subscriptions')}
