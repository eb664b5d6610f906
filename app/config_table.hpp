#pragma once

// One row per setting. Parsing, validation, --help, --print-config and docs/configuration.md are all made from these
// rows, so that none of them can disagree with another.

#include "app/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hydrant::app {

enum class value_kind { text, integer, duration, bytes, flag, list, choice };
enum class secrecy { plain, secret };
enum class file_use { allowed, refused };
enum class fallback_kind { constant, computed };

/// A checked value. By kind: text → string, integer and bytes → int64, duration → milliseconds, flag → bool,
/// list → strings, choice → int64, the place in `choices`.
using setting_value =
    std::variant<std::string, std::int64_t, std::chrono::milliseconds, bool, std::vector<std::string>>;

/// Both ends are allowed. Bytes are counted in bytes, durations in milliseconds, lists in entries.
struct value_range {
  std::int64_t min;
  std::int64_t max;
};

/// The form that a text, or each entry of a list, must have.
struct text_form {
  bool (*accepts)(std::string_view text);
  std::string_view rule;  ///< completes "give ..."
};

struct config_key {
  std::string_view section;        ///< heading in --help and on the reference page; rows of one section stand together
  std::string_view name;           ///< path in the file, parts joined by dots: `session.ttl`
  std::string_view variable = {};  ///< environment variable, where it is not HYDRANT_<NAME>
  value_kind kind = value_kind::text;
  std::string_view fallback = {};                         ///< the default, as it would be written
  std::string_view fallback_note = {};                    ///< says what the default means where `fallback` does not
  fallback_kind fallback_from = fallback_kind::constant;  ///< computed: load_config() makes it up from the process
  std::optional<value_range> range = {};
  std::vector<std::string_view> choices = {};  ///< for a choice; for a list: what its entries may be
  const text_form* form = nullptr;
  secrecy secret = secrecy::plain;
  file_use in_file = file_use::allowed;
  void (*assign)(config& target, const setting_value& value) = nullptr;
  std::string_view prose = {};  ///< a paragraph; its first sentence stands alone in --help
};

/// All rows, in the order in which they are shown. Constant after start-up.
const std::vector<config_key>& config_table();

/// Null if there is none of that name.
const config_key* find_key(std::string_view name);

/// `--session-ttl`
std::string flag_name(const config_key& key);

/// `SESSION_TTL`, `HYDRANT_SESSION_MAX`
std::string variable_name(const config_key& key);

}  // namespace hydrant::app
