-- include parts_session.lua
-- Whether a call is pending under this ticket. ARGV: request id, ticket. Returns 1 or 0.

if alive() and redis.call('HGET', base .. 'call:' .. ARGV[1], 'ticket') == ARGV[2] then return 1 end
return 0
