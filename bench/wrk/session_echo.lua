-- Revision 2025-11-25: round robin over the session ids, one a line, of the file in SESSION_IDS.
local load = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "load.lua")

local requests = {}
local last = 0

local function request_of(session)
  local headers = load.headers()
  headers["MCP-Protocol-Version"] = "2025-11-25"
  headers["Mcp-Session-Id"] = session
  local body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo",'
    .. '"arguments":{"message":"' .. load.expected .. '"}}}'
  return wrk.format("POST", nil, headers, body)
end

function load.prepare()
  for session in io.lines(os.getenv("SESSION_IDS")) do
    table.insert(requests, request_of(session))
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
