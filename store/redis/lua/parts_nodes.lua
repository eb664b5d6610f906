-- The registry of processes, all in the slot of {hydrant:nodes}: KEYS[1] is the set of those that are known; ARGV[1] is
-- a process, <node>/<boot>.

local known = KEYS[1]
local registry = '{hydrant:nodes}:'
local record = registry .. 'process:' .. ARGV[1]
local buried = registry .. 'buried:' .. ARGV[1]
local pulse = registry .. 'pulse'

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- `heard`: when any process beat last. `resumed`: when beats came again after a silence of half a ttl; the store may
-- have been away, and then every process needs time to come back before anybody may call it dead.
local function read_pulse()
  local times = redis.call('HMGET', pulse, 'heard', 'resumed')
  return tonumber(times[1] or 0), tonumber(times[2] or 0)
end
