-- include parts_nodes.lua
-- Forgets a dead process. ARGV: <node>/<boot>, how long in ms it is remembered as dead.

if redis.call('HGET', record, 'dead') ~= '1' then return 'ok' end
redis.call('SET', buried, '1', 'PX', ARGV[2])
redis.call('DEL', record)
redis.call('SREM', known, ARGV[1])
return 'ok'
