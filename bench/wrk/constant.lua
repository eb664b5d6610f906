-- For the reference servers. They get the very bytes of modern_echo.lua, so that everyone parses the same request.
local load = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "load.lua")

load.send_modern_echo()
