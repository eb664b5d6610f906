-- include parts_session.lua parts_forget.lua parts_stream.lua parts_append.lua
-- Ends a stream, if it is there. ARGV: stream, for how long it can still be read, in ms.

local stream = alive() and find_stream(ARGV[1], '')
if stream then end_stream(stream, tonumber(ARGV[2])) end
return 'ok'
