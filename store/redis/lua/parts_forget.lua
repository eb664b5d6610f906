-- Taking away what belongs to a session. Needs parts_session.lua.

local function forget_stream(name)
  redis.call('UNLINK', base .. 'stream:' .. name, base .. 'log:' .. name)
end

local function forget_streams()
  for _, name in ipairs(redis.call('ZRANGE', base .. 'streams', 0, -1)) do
    forget_stream(name)
  end
  redis.call('UNLINK', base .. 'streams')
end

-- Returns {request id, node, boot, ticket, ...} of the calls, to be taken out of their owners' indexes.
local function forget_calls()
  local gone = {}
  for _, id in ipairs(redis.call('ZRANGE', base .. 'calls', 0, -1)) do
    local call = redis.call('HMGET', base .. 'call:' .. id, 'node', 'boot', 'ticket')
    if call[3] then
      for _, text in ipairs({id, call[1], call[2], call[3]}) do gone[#gone + 1] = text end
    end
    redis.call('UNLINK', base .. 'call:' .. id)
  end
  redis.call('UNLINK', base .. 'calls')
  return gone
end
