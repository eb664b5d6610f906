-- What the three scripts share: how answers are checked, and the result as one line of JSON for bench/harness/wrk.py.
--
-- Looking at each answer in Lua costs wrk about a tenth of its speed, which would cap the fastest server. So timed runs
-- let wrk count error statuses and bytes only, and runs started with the argument `check` look at every answer.

local load = {expected = "hello, hydrant"}

-- A script that makes its requests itself does so here: only by now does wrk know the Host.
function load.prepare() end

local threads = {}
wrong = 0  -- of this thread; a global, because done() asks for it by name from another Lua state

function load.headers()
  return {
    ["Content-Type"] = "application/json",
    ["Accept"] = "application/json, text/event-stream",
  }
end

-- The request of 2026-07-28 that the modern server and the reference servers get. Set in the table `wrk`, because wrk
-- then formats it once and asks Lua for nothing while it runs.
function load.send_modern_echo()
  wrk.method = "POST"
  wrk.headers = load.headers()
  wrk.headers["MCP-Protocol-Version"] = "2026-07-28"
  wrk.headers["Mcp-Method"] = "tools/call"
  wrk.headers["Mcp-Name"] = "echo"
  wrk.body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo",'
    .. '"arguments":{"message":"' .. load.expected .. '"},'
    .. '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",'
    .. '"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"},'
    .. '"io.modelcontextprotocol/clientCapabilities":{}}}}'
end

local function look_at(status, headers, body)
  if status ~= 200 or not string.find(body, load.expected, 1, true) then
    wrong = wrong + 1
  end
end

-- wrk asks for the answers only if `response` exists after init().
function init(args)
  load.prepare()
  if args[1] == "check" then
    response = look_at
  end
end

function setup(thread)
  table.insert(threads, thread)
end

function done(summary, latency, requests)
  local found = 0
  for _, thread in ipairs(threads) do
    found = found + thread:get("wrong")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"bytes":%d,"wrong":%d,"status":%d,"connect":%d,"read":%d,"write":%d,'
      .. '"timeout":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration, summary.bytes, found, errors.status, errors.connect, errors.read,
    errors.write, errors.timeout, latency:percentile(50), latency:percentile(99)))
end

return load
