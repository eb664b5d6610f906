-- include parts_session.lua
-- Takes a subscription away. ARGV: the URI. Returns ok or session_not_found.

if not alive() then return 'session_not_found' end
redis.call('SREM', base .. 'subscriptions', ARGV[1])
return 'ok'
