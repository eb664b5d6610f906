-- Writes a shared value (KEYS[1]) if its version still is the one that the writer has seen. ARGV: that version, the
-- text.
-- Returns the new version, or conflict.

local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then return 'conflict' end
redis.call('HSET', KEYS[1], 'text', ARGV[2])
return redis.call('HINCRBY', KEYS[1], 'version', 1)
