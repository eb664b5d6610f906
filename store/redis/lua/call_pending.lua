-- include parts_session.lua
-- The pending calls of a session in the order of begin: {{request id, stream, node, boot, deadline, record, version},
-- ...}.

local found = {}
if not alive() then return found end
for _, id in ipairs(redis.call('ZRANGE', base .. 'calls', 0, -1)) do
  local call = redis.call('HMGET', base .. 'call:' .. id, 'stream', 'node', 'boot', 'deadline', 'record', 'version')
  if call[1] then found[#found + 1] = {id, unpack(call)} end
end
return found
