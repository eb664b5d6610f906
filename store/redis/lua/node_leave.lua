-- include parts_nodes.lua
-- A process that owns nothing ends in good order. ARGV: <node>/<boot>.

redis.call('DEL', record)
redis.call('SREM', known, ARGV[1])
return 'ok'
