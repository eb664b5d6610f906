-- Sliding life. Needs parts_session.lua.

-- Moves the time at which the other keys expire. Ended streams keep their own: they end with their grace.
local function renew_keys(at)
  redis.call('HSET', session, 'keysUntil', at)
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', base .. 'streams', '+inf', '+inf')) do
    redis.call('PEXPIREAT', base .. 'stream:' .. name, at)
    redis.call('PEXPIREAT', base .. 'log:' .. name, at)
  end
  for _, id in ipairs(redis.call('ZRANGE', base .. 'calls', 0, -1)) do
    redis.call('PEXPIREAT', base .. 'call:' .. id, at)
  end
  redis.call('PEXPIREAT', base .. 'streams', at)
  redis.call('PEXPIREAT', base .. 'calls', at)
  redis.call('PEXPIREAT', base .. 'subscriptions', at)
end

-- Prolongs the session by its lifetime, and by up to a sixteenth more: a life that was always exact would be a write
-- each time, which a server with appendfsync always brings to its disk before it answers. True if its keys were
-- renewed: then what the indexes hold of it is to be renewed too.
local function prolong(ttl, keys_until)
  ttl = tonumber(ttl)
  local longest = ttl + math.floor(ttl / 16)
  if redis.call('PTTL', session) < ttl then redis.call('PEXPIRE', session, longest) end
  if not keys_until then return false end
  local now = math.floor(now_us() / 1000)
  if keys_until - now >= longest then return false end
  renew_keys(digits(now + 2 * ttl))
  return true
end
