-- include parts_nodes.lua
-- A process lives. ARGV: <node>/<boot>, node, boot, about, ttl in ms. Returns ok, or conflict if it was declared dead.

if redis.call('EXISTS', buried) == 1 or redis.call('HGET', record, 'dead') == '1' then return 'conflict' end
local now = now_ms()
local heard, resumed = read_pulse()
if now - heard > ARGV[5] / 2 then resumed = now end
redis.call('HSET', pulse, 'heard', string.format('%.0f', now), 'resumed', string.format('%.0f', resumed))
redis.call('HSET', record, 'node', ARGV[2], 'boot', ARGV[3], 'about', ARGV[4], 'beatAt', string.format('%.0f', now),
  'ttl', ARGV[5], 'dead', '0')
redis.call('SADD', known, ARGV[1])
return 'ok'
