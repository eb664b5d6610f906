-- include parts_session.lua parts_forget.lua parts_stream.lua
-- Makes a process the holder of a stream. ARGV: stream, node, boot, how many streams there may be.
-- Returns {ok, epoch, the previous holder's node, its boot, its epoch, id of the newest event}, or session_not_found,
-- or overloaded.

if not alive() then return 'session_not_found' end
local stream = open_stream(ARGV[1], '', ARGV[4])
if not stream then return 'overloaded' end
-- The time, not a count: a server that lost its newest writes must not give an epoch twice.
local epoch = later_than(stream.epoch)
redis.call('HSET', stream.meta, 'epoch', epoch, 'node', ARGV[2], 'boot', ARGV[3])
return {'ok', epoch, stream.node, stream.boot, stream.epoch, last_of(stream)}
