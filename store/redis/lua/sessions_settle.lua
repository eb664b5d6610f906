-- Moves or drops entries of the index of all sessions (KEYS[1]). ARGV: {id, the score that was seen, the time in ms
-- that the session has left or a number below 0 if it is gone, ...}. What changed since it was seen stays. Returns how
-- many were dropped.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local dropped = 0
for i = 1, #ARGV, 3 do
  local left = tonumber(ARGV[i + 2])
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) ~= ARGV[i + 1] then
    -- Somebody was here first.
  elseif left < 0 then
    dropped = dropped + redis.call('ZREM', KEYS[1], ARGV[i])
  else
    redis.call('ZADD', KEYS[1], string.format('%.0f', now + left), ARGV[i])
  end
end
return dropped
