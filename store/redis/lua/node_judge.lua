-- include parts_nodes.lua
-- Declares a process dead for good if it is. ARGV: <node>/<boot>, how long in ms one that is not known is remembered as
-- dead. Returns dead, or alive if it is or may be.

local field = redis.call('HMGET', record, 'beatAt', 'ttl', 'dead')
if not field[1] then
  redis.call('SET', buried, '1', 'PX', ARGV[2])
  return 'dead'
end
if field[3] == '1' then return 'dead' end
local now = now_ms()
local heard, resumed = read_pulse()
-- Nobody beat lately: whether that is their fault or the store's is not known yet.
if now - heard > field[2] / 2 then return 'alive' end
if now < math.max(field[1], resumed) + field[2] then return 'alive' end
redis.call('HSET', record, 'dead', '1')
return 'dead'
