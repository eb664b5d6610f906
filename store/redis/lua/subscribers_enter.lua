-- Enters a session into the index of a URI's subscribers (KEYS[1], by the time at which the entry is void).
-- ARGV: session id, the session's lifetime in ms.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- A touch renews it at least every second lifetime, and should one renewal fail, the next is in time.
local life = 5 * ARGV[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', now + life), ARGV[1])
if redis.call('PTTL', KEYS[1]) < life then redis.call('PEXPIRE', KEYS[1], string.format('%.0f', life)) end
return 'ok'
