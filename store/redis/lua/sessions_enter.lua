-- Enters a session into the index of all sessions (KEYS[1], by the time at which it is to be looked at), unless that is
-- full. ARGV: session id, lifetime in ms, how many sessions there may be. Returns ok or full.

local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not known and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 'full' end
local time = redis.call('TIME')
-- GT: an entry that somebody looks at just now must not seem unchanged to sessions_settle.lua.
redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2]), ARGV[1])
return 'ok'
