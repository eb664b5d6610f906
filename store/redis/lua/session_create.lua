-- include parts_session.lua parts_forget.lua
-- Adds a session. ARGV: its lifetime in ms, then the fields and values of session:<id>.
-- Returns ok, or conflict if the id is in use.

if alive() then return 'conflict' end
-- An earlier session of this id may have expired a moment ago; its other keys live longer.
forget_streams()
forget_calls()
redis.call('UNLINK', base .. 'subscriptions')

redis.call('HSET', session, 'ttl', ARGV[1], unpack(ARGV, 2))
redis.call('PEXPIRE', session, ARGV[1])
return 'ok'
