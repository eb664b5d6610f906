-- The sessions of the index (KEYS[1]) that may have expired: a touch does not move them. ARGV: how many at most.
-- Returns {id, score, ...}.

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
