-- What every script of a session begins with. KEYS[1] is session:<id>; all its other keys are {session:<id>}:<rest>, in
-- the same cluster slot, since the part in braces is what decides.

local session = KEYS[1]
local base = '{' .. session .. '}:'

local function alive()
  return redis.call('EXISTS', session) == 1
end

local function now_us()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Lua writes large numbers as 1.8e+15; Redis wants digits.
local function digits(number)
  return string.format('%.0f', number)
end

-- When the other keys of the session expire, in milliseconds since 1970. It is one time for all of them, two lifetimes
-- ahead, and parts_prolong.lua moves it when little more than one is left: so none of them expires before the session
-- does, and a usual touch has to look at none of them.
local function keys_until()
  local known = redis.call('HMGET', session, 'keysUntil', 'ttl')
  if known[1] then return known[1] end
  local at = digits(math.floor(now_us() / 1000) + 2 * known[2])
  redis.call('HSET', session, 'keysUntil', at)
  return at
end
