-- include parts_session.lua parts_forget.lua parts_stream.lua parts_append.lua parts_call.lua
-- Answers a call: appends the response to its stream and takes the call away. ARGV: request id, owner's node, its boot,
-- response, what becomes of the stream (keep_open, end or end_if_last), how many events, bytes and streams there may
-- be, grace in ms.
-- Returns {ok, id, previous id, holder's node, its boot, its epoch, 1 if the stream ended, the call's ticket}, or void
-- if this process does not own such a call, or stream_gone: then the call stays pending.

local function another_writes_to(name)
  for _, id in ipairs(redis.call('ZRANGE', base .. 'calls', 0, -1)) do
    if redis.call('HGET', base .. 'call:' .. id, 'stream') == name then return true end
  end
  return false
end

local call = find_call(ARGV[1])
if not call or call[2] ~= ARGV[2] or call[3] ~= ARGV[3] then return 'void' end
-- A response is never refused for the cap of streams: if there is no room, it goes above.
local stream = open_stream(call[1], '', ARGV[8]) or add_stream(call[1], '')
if stream.ended then return 'stream_gone' end
local written = append(stream, ARGV[4], ARGV[6], ARGV[7])
remove_call(ARGV[1])
local ends = ARGV[5] == 'end' or (ARGV[5] == 'end_if_last' and not another_writes_to(stream.name))
if ends then end_stream(stream, tonumber(ARGV[9])) end
return {'ok', written[1], written[2], stream.node, stream.boot, stream.epoch, ends and 1 or 0, call[7]}
