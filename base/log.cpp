#include "base/log.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace hydrant::base {
namespace {

std::atomic<log_format> format_in_use{log_format::text};

spdlog::level::level_enum to_spdlog(log_level level) {
  switch (level) {
    case log_level::trace: return spdlog::level::trace;
    case log_level::debug: return spdlog::level::debug;
    case log_level::info: return spdlog::level::info;
    case log_level::warn: return spdlog::level::warn;
    case log_level::error: return spdlog::level::err;
    case log_level::off: return spdlog::level::off;
  }
  return spdlog::level::info;
}

// Log values may hold whatever a client sent: escape quotes, control bytes and line ends so that a record stays a line.
void append_escaped(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15U];
    } else {
      out += c;
    }
  }
}

// Whatever the bytes are, the line must parse.
std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string as_text(std::string_view event, std::initializer_list<log_field> fields) {
  std::string line(event);
  for (const auto& field : fields) {
    line.append(" ").append(field.key).append("=");
    const bool quote = field.value.empty() || field.value.find_first_of(" \"=\n\r\t") != std::string::npos;
    if (quote) line += '"';
    append_escaped(line, field.value);
    if (quote) line += '"';
  }
  return line;
}

std::string as_json(std::string_view event, std::initializer_list<log_field> fields) {
  std::string line = "\"event\":" + json_text(event);
  for (const auto& field : fields)
    line.append(",").append(json_text(field.key)).append(":").append(json_text(field.value));
  return line;
}

}  // namespace

void set_up_logging(log_format format, log_level level) {
  format_in_use = format;
  auto logger = std::make_shared<spdlog::logger>("hydrant", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_pattern(format == log_format::json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                                 : "%Y-%m-%d %H:%M:%S.%eZ %^%-7l%$ %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(to_spdlog(level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void log(log_level level, std::string_view event, std::initializer_list<log_field> fields) {
  if (!log_enabled(level)) return;
  const bool json = format_in_use.load(std::memory_order_relaxed) == log_format::json;
  spdlog::log(to_spdlog(level), "{}", json ? as_json(event, fields) : as_text(event, fields));
}

bool log_enabled(log_level level) {
  return spdlog::should_log(to_spdlog(level));
}

}  // namespace hydrant::base
