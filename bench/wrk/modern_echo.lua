-- Revision 2026-07-28: every request stands alone, so it is always the same bytes.
local load = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "load.lua")

load.send_modern_echo()
