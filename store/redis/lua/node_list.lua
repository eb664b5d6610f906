-- All known processes: {{node, boot, about, 1 if alive}, ...}. KEYS[1]: the set of them.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
for _, process in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local record = '{hydrant:nodes}:process:' .. process
  local field = redis.call('HMGET', record, 'node', 'boot', 'about', 'beatAt', 'ttl', 'dead')
  if field[1] then
    local alive = field[6] ~= '1' and now < field[4] + field[5]
    found[#found + 1] = {field[1], field[2], field[3], alive and 1 or 0}
  end
end
return found
