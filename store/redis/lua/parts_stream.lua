-- One SSE stream of a session: {session:<id>}:stream:<name> says what there is to know about it and
-- {session:<id>}:log:<name>, a Redis stream, holds its events. {session:<id>}:streams lists the streams by the time in
-- ms at which they are forgotten; inf while they are open. Needs parts_session.lua and parts_forget.lua.

local streams = base .. 'streams'

-- The stream, or nil. `producer`: whose last append is to be looked up; may be empty.
local function find_stream(name, producer)
  local meta = base .. 'stream:' .. name
  local field = redis.call('HMGET', meta, 'generation', 'sequence', 'dropped', 'events', 'bytes', 'epoch', 'node',
    'boot', 'run', 'ended', 'producers', 'producer:' .. producer)
  if not field[1] then return nil end
  return {
    name = name, meta = meta, log = base .. 'log:' .. name,
    generation = field[1], sequence = field[2], dropped = field[3],
    events = tonumber(field[4]), bytes = tonumber(field[5]),
    epoch = field[6], node = field[7], boot = field[8], run = field[9], ended = field[10] == '1',
    producers = tonumber(field[11]), mark = field[12],
  }
end

-- False if as many streams as allowed are there and all are open: else the one that ended first gives way.
local function make_room(streams_max)
  redis.call('ZREMRANGEBYSCORE', streams, '-inf', digits(math.floor(now_us() / 1000)))
  if redis.call('ZCARD', streams) < tonumber(streams_max) then return true end
  local first = redis.call('ZRANGE', streams, 0, 0, 'WITHSCORES')
  if not first[1] or first[2] == 'inf' then return false end
  forget_stream(first[1])
  redis.call('ZREM', streams, first[1])
  return true
end

-- All fields at once: the ones that every append reads then stand before those of the producers.
local function add_stream(name, producer)
  local at = keys_until()
  local meta = base .. 'stream:' .. name
  redis.call('HSET', meta, 'generation', '0', 'sequence', '0', 'dropped', '0-0', 'events', '0', 'bytes', '0',
    'epoch', '0', 'node', '', 'boot', '', 'run', '', 'ended', '0', 'producers', '0')
  redis.call('PEXPIREAT', meta, at)
  redis.call('ZADD', streams, '+inf', name)
  redis.call('PEXPIREAT', streams, at)
  return find_stream(name, producer)
end

-- The stream, made if it is new; nil if there is no room for it.
local function open_stream(name, producer, streams_max)
  local known = find_stream(name, producer)
  if known then return known end
  if not make_room(streams_max) then return nil end
  return add_stream(name, producer)
end

-- Ids of one generation have no hole. Times are in microseconds: a stream that is forgotten and begun anew never gets
-- the same number twice.
local function later_than(number)
  return digits(math.max(now_us(), number + 1))
end

-- The newest event; 0-0 if there never was one.
local function last_of(stream)
  return stream.generation .. '-' .. stream.sequence
end
