-- The sessions in the index of a URI's subscribers (KEYS[1]); whether each still is one, its own keys tell.

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')
