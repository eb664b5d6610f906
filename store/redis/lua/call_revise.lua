-- include parts_session.lua parts_call.lua
-- Replaces owner, deadline and record of a call if its version still is the one that the writer has seen. ARGV: request
-- id, that version, owner's node, its boot, deadline, record, a ticket for the case that the owner changes.
-- Returns {ok, new version, the old owner's node, its boot, its ticket if the owner changed, else empty}, or conflict.

local call = find_call(ARGV[1])
if not call or call[6] ~= ARGV[2] then return 'conflict' end
local key = base .. 'call:' .. ARGV[1]
local version = redis.call('HINCRBY', key, 'version', 1)
redis.call('HSET', key, 'deadline', ARGV[5], 'record', ARGV[6])
if call[2] == ARGV[3] and call[3] == ARGV[4] then return {'ok', version, '', '', ''} end
redis.call('HSET', key, 'node', ARGV[3], 'boot', ARGV[4], 'ticket', ARGV[7])
return {'ok', version, call[2], call[3], call[7]}
