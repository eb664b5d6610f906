-- Entries of the index of a process' calls (KEYS[1]), the oldest first. ARGV: how many to skip, how many to give, from
-- which age in ms on an entry without a call is rubbish. If the process is dead, this is known here too from now on
-- (KEYS[2]), for as long as ARGV[4] says, in ms.
-- Returns {entry, 1 if it is that old, ...}.

if KEYS[2] then redis.call('SET', KEYS[2], '1', 'PX', ARGV[4]) end
local time = redis.call('TIME')
local old = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[3]
local found = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[1] + ARGV[2] - 1, 'WITHSCORES')
for i = 2, #found, 2 do
  found[i] = tonumber(found[i]) <= old and 1 or 0
end
return found
