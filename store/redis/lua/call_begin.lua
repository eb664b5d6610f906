-- include parts_session.lua parts_forget.lua parts_stream.lua
-- Enters a call: {session:<id>}:call:<request id>, listed in {session:<id>}:calls in the order of begin.
-- ARGV: request id, how many calls and streams there may be, the call's stream, then its fields and values.
-- Returns ok, or session_not_found, or conflict (the id is pending), or too_many_calls, or too_many_streams.

if not alive() then return 'session_not_found' end
local call, calls = base .. 'call:' .. ARGV[1], base .. 'calls'
if redis.call('EXISTS', call) == 1 then return 'conflict' end
if redis.call('ZCARD', calls) >= tonumber(ARGV[2]) then return 'too_many_calls' end
-- Refused here rather than at its end, where the response would be lost.
if redis.call('EXISTS', base .. 'stream:' .. ARGV[4]) == 0 and not make_room(ARGV[3]) then return 'too_many_streams' end

local last = redis.call('ZRANGE', calls, -1, -1, 'WITHSCORES')
local at = keys_until()
redis.call('HSET', call, 'stream', ARGV[4], unpack(ARGV, 5))
redis.call('PEXPIREAT', call, at)
redis.call('ZADD', calls, digits((last[2] or 0) + 1), ARGV[1])
redis.call('PEXPIREAT', calls, at)
return 'ok'
