-- include parts_session.lua parts_forget.lua parts_stream.lua parts_append.lua
-- Appends an event. ARGV: stream, producer (empty: none), its sequence, payload, and how many events, bytes, streams
-- and producers there may be.
-- Returns {ok or duplicate, id, previous id, holder's node, its boot, its epoch}, or session_not_found, or overloaded,
-- or stream_gone if the stream has ended, or conflict if the producer skipped a number.

-- Sequences are 64 bits wide, more than Lua's numbers hold.
local function above(left, right)
  if #left ~= #right then return #left > #right end
  return left > right
end

local function next_of(number)
  local head, nines = string.match(number, '^(%d-)(9*)$')
  local zeros = string.rep('0', #nines)
  if head == '' then return '1' .. zeros end
  return string.sub(head, 1, -2) .. (string.sub(head, -1) + 1) .. zeros
end

-- What is kept of a producer: its sequence, the id of what it appended, and the id before that where it is not simply
-- one less.
local function mark_of(sequence, id, previous, stream)
  if previous == stream.generation .. '-' .. digits(stream.sequence - 1) then return sequence .. ' ' .. id end
  return sequence .. ' ' .. id .. ' ' .. previous
end

local function read_mark(mark)
  local sequence, generation, number, previous = string.match(mark, '^(%d+) (%d+)-(%d+) ?(.*)$')
  if previous == '' then previous = generation .. '-' .. digits(number - 1) end
  return {sequence = sequence, id = generation .. '-' .. number, previous = previous,
    generation = tonumber(generation), number = tonumber(number)}
end

-- Forgets the producers whose last append is the oldest; a half more than allowed may gather, so that this is rare.
local function forget_producers(stream, producers_max)
  local all = redis.call('HGETALL', stream.meta)
  local marks = {}
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 9) == 'producer:' then
      local mark = read_mark(all[i + 1])
      mark.field = all[i]
      marks[#marks + 1] = mark
    end
  end
  table.sort(marks, function(left, right)
    if left.generation ~= right.generation then return left.generation < right.generation end
    return left.number < right.number
  end)
  for i = 1, #marks - producers_max do redis.call('HDEL', stream.meta, marks[i].field) end
  redis.call('HSET', stream.meta, 'producers', math.min(#marks, producers_max))
end

local function remember(stream, producer, sequence, written, producers_max)
  redis.call('HSET', stream.meta, 'producer:' .. producer, mark_of(sequence, written[1], written[2], stream))
  if stream.mark then return end
  stream.producers = stream.producers + 1
  redis.call('HSET', stream.meta, 'producers', stream.producers)
  if stream.producers > producers_max * 1.5 then forget_producers(stream, producers_max) end
end

if not alive() then return 'session_not_found' end
local producer, sequence = ARGV[2], ARGV[3]
local stream = open_stream(ARGV[1], producer, ARGV[7])
if not stream then return 'overloaded' end
local mark = producer ~= '' and stream.mark and read_mark(stream.mark)
if mark and not above(sequence, mark.sequence) then
  return {'duplicate', mark.id, mark.previous, stream.node, stream.boot, stream.epoch}
end
if stream.ended then return 'stream_gone' end
if mark and sequence ~= next_of(mark.sequence) then return 'conflict' end
local written = append(stream, ARGV[4], ARGV[5], ARGV[6])
if producer ~= '' then remember(stream, producer, sequence, written, tonumber(ARGV[8])) end
return {'ok', written[1], written[2], stream.node, stream.boot, stream.epoch}
