-- include parts_session.lua
-- Gives a stream up. ARGV: stream, the epoch of the attachment that ends.

local meta = base .. 'stream:' .. ARGV[1]
if alive() and redis.call('HGET', meta, 'epoch') == ARGV[2] then
  redis.call('HSET', meta, 'node', '', 'boot', '')
end
return 'ok'
