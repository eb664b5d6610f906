-- Opens sessions of 2025-11-25, each up to notifications/initialized, and leaves them alone. Those that are just being
-- opened when it stops stay without. The client tells of itself what a large one does, since that is kept.
local load = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "load.lua")

local half_open = {}
local hello

function load.prepare()
  hello = wrk.format("POST", nil, load.headers(), '{"jsonrpc":"2.0","id":0,"method":"initialize","params":'
    .. '{"protocolVersion":"2025-11-25","clientInfo":{"name":"Visual Studio Code","version":"1.104.0"},'
    .. '"capabilities":{"roots":{"listChanged":true},"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}}}}}')
end

function request()
  local session = table.remove(half_open)
  if not session then return hello end
  local headers = load.headers()
  headers["MCP-Protocol-Version"] = "2025-11-25"
  headers["Mcp-Session-Id"] = session
  return wrk.format("POST", nil, headers, '{"jsonrpc":"2.0","method":"notifications/initialized"}')
end

function response(status, headers)
  for name, value in pairs(headers) do
    if name:lower() == "mcp-session-id" then table.insert(half_open, value) end
  end
end
