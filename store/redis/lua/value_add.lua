-- Adds to a shared number (KEYS[1]), unless that was done already with this token, of which KEYS[2] is the mark. ARGV:
-- how much, how long the mark is kept in ms. Returns the number as text.

if ARGV[1] ~= '0' and redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[2]) then
  redis.call('INCRBY', KEYS[1], ARGV[1])
end
return redis.call('GET', KEYS[1]) or '0'
