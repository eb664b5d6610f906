-- include parts_nodes.lua
-- A dead process entered a call after all (it was paused): makes it known again, as dead, so that the call is found.
-- ARGV: <node>/<boot>, node, boot.

redis.call('HSET', record, 'node', ARGV[2], 'boot', ARGV[3], 'dead', '1')
redis.call('HSETNX', record, 'about', '{}')
redis.call('SADD', known, ARGV[1])
return 'ok'
