#pragma once

// From the words somebody wrote to the checked value of a row, and back. Pure functions.

#include "app/config_table.hpp"
#include "base/result.hpp"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::app {

/// A value as it was written. One word, or for a list any number of entries.
using words = std::vector<std::string>;

/// The words of one text: for a list what stands between commas, without blanks around it; else the text itself.
words split_words(const config_key& key, std::string_view text);

/// The words of a member of the configuration file. The failure's message says what is wrong with its JSON type.
base::result<words> words_of_json(const config_key& key, const nlohmann::json& json);

/// Checks kind, range, choices and form. The failure's message completes a sentence that starts with the value, and
/// never repeats a secret.
base::result<setting_value> parse_value(const config_key& key, const words& written);

/// What a value must be: "a duration from 1s to 30d".
std::string expectation(const config_key& key);

/// The value as the configuration file would hold it; words_of_json() and parse_value() read it back.
nlohmann::ordered_json json_of_value(const config_key& key, const setting_value& value);

/// The bounds of a row in its own unit: "64KiB".
std::string format_bound(const config_key& key, std::int64_t bound);

}  // namespace hydrant::app
