-- Appending to a stream and ending it. Needs parts_stream.lua.

-- This start of this server. A server that restarts, or that takes over for another, may have lost the newest events,
-- which clients have seen: their ids must not be given again. INFO is the one source that cannot be out of date:
-- whatever a client or a key remembers may be from before the restart. It costs about 5 microseconds.
local function server_run()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
end

-- Drops the oldest events until the rest is within the bounds; the newest always stays.
local function trim(stream, events_max, bytes_max)
  while stream.events > 1 and (stream.events > events_max or stream.bytes > bytes_max) do
    local oldest = redis.call('XRANGE', stream.log, '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', stream.log, oldest[1])
    stream.dropped = oldest[1]
    stream.events = stream.events - 1
    stream.bytes = stream.bytes - #oldest[2][2]
  end
end

-- Appends and returns {id, previous id}.
local function append(stream, payload, events_max, bytes_max)
  local previous = last_of(stream)
  local run = server_run()
  if stream.run ~= run then
    stream.generation = later_than(stream.generation)
    stream.sequence = '0'
  end
  stream.sequence = digits(stream.sequence + 1)
  local id = last_of(stream)
  redis.call('XADD', stream.log, id, 'd', payload)
  if stream.events == 0 then redis.call('PEXPIREAT', stream.log, keys_until()) end
  stream.events = stream.events + 1
  stream.bytes = stream.bytes + #payload
  trim(stream, tonumber(events_max), tonumber(bytes_max))
  redis.call('HSET', stream.meta, 'generation', stream.generation, 'sequence', stream.sequence,
    'dropped', stream.dropped, 'events', stream.events, 'bytes', stream.bytes, 'run', run)
  return {id, previous}
end

-- Redis gives a stream a first block of 4 kB, which a short one keeps for nothing; written back it takes what it needs.
local function shrink(stream, grace)
  if stream.events == 0 or stream.bytes + 32 * stream.events > 3072 then return end
  local copy = redis.pcall('DUMP', stream.log)
  -- Where RESTORE is forbidden the stream stays as it is.
  if type(copy) == 'string' then redis.pcall('RESTORE', stream.log, grace, copy, 'REPLACE') end
end

-- No more events; it can be read for `grace` ms.
local function end_stream(stream, grace)
  if stream.ended then return end
  redis.call('HSET', stream.meta, 'ended', '1')
  shrink(stream, grace)
  local at = digits(math.floor(now_us() / 1000) + grace)
  redis.call('PEXPIREAT', stream.meta, at)
  redis.call('PEXPIREAT', stream.log, at)
  redis.call('ZADD', streams, at, stream.name)
end
