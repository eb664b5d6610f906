-- include parts_session.lua
-- Reads events above a cursor. ARGV: stream, cursor, how many events and bytes at most (one event is given in any
-- case).
-- Returns {ok, 1 if the stream has ended, id of the newest event that was dropped, id of the newest event up to the
-- cursor that is still there or empty, 1 if there is more, id, payload, id, payload, ...}, or stream_gone.

local events_per_look = 32
local log = base .. 'log:' .. ARGV[1]
local events_max, bytes_max = tonumber(ARGV[3]), tonumber(ARGV[4])
local reply, bytes

local function given()
  return (#reply - 5) / 2
end

-- True: it fits.
local function give(event)
  bytes = bytes + #event[2][2]
  if given() >= events_max or (bytes > bytes_max and given() > 0) then return false end
  reply[#reply + 1] = event[1]
  reply[#reply + 1] = event[2][2]
  return true
end

local function give_all()
  local from = '(' .. ARGV[2]
  while true do
    local count = math.min(events_per_look, events_max - given() + 1)
    local events = redis.call('XRANGE', log, from, '+', 'COUNT', count)
    for _, event in ipairs(events) do
      if not give(event) then return 1 end
    end
    if #events < count then return 0 end
    from = '(' .. events[#events][1]
  end
end

local meta = alive() and redis.call('HMGET', base .. 'stream:' .. ARGV[1], 'ended', 'dropped')
if not meta or not meta[1] then return 'stream_gone' end
local seen = redis.call('XREVRANGE', log, ARGV[2], '-', 'COUNT', 1)
reply, bytes = {'ok', meta[1], meta[2], seen[1] and seen[1][1] or '', 0}, 0
reply[5] = give_all()
return reply
