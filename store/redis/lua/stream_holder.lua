-- include parts_session.lua
-- Who holds a stream (ARGV). Returns {ok, node, boot, epoch}, or session_not_found, or stream_gone if there is no such
-- stream.

if not alive() then return 'session_not_found' end
local held = redis.call('HMGET', base .. 'stream:' .. ARGV[1], 'node', 'boot', 'epoch')
if not held[3] then return 'stream_gone' end
return {'ok', held[1], held[2], held[3]}
