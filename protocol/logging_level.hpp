#pragma once

// The severity levels of MCP's logging utility (server/utilities/logging), which are those of RFC 5424.

#include <array>
#include <optional>
#include <string_view>

namespace hydrant::protocol {

enum class logging_level { debug, info, notice, warning, error, critical, alert, emergency };

inline constexpr std::array<std::string_view, 8> logging_level_names{"debug", "info",     "notice", "warning",
                                                                     "error", "critical", "alert",  "emergency"};

constexpr std::string_view name_of(logging_level level) {
  return logging_level_names[static_cast<std::size_t>(level)];
}

constexpr std::optional<logging_level> parse_logging_level(std::string_view name) {
  for (std::size_t i = 0; i < logging_level_names.size(); ++i)
    if (logging_level_names[i] == name) return static_cast<logging_level>(i);
  return std::nullopt;
}

}  // namespace hydrant::protocol
