-- A pending call. Needs parts_session.lua.

-- Its fields, if the session is alive and such a call is pending; else nil.
local function find_call(id)
  if not alive() then return nil end
  local field = redis.call('HMGET', base .. 'call:' .. id, 'stream', 'node', 'boot', 'deadline', 'record', 'version',
    'ticket')
  if not field[1] then return nil end
  return field
end

local function remove_call(id)
  redis.call('DEL', base .. 'call:' .. id)
  redis.call('ZREM', base .. 'calls', id)
end
