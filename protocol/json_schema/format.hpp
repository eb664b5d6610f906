#pragma once

#include <string_view>

namespace hydrant::protocol::json_schema {

/// RFC 3339 full-date.
bool is_date(std::string_view text);
/// RFC 3339 date-time; second 60 only where a leap second can be.
bool is_date_time(std::string_view text);
/// RFC 5321 Mailbox, ASCII only.
bool is_email(std::string_view text);
/// RFC 3986 URI, with a scheme.
bool is_uri(std::string_view text);

using format_test = bool (*)(std::string_view);
/// The test for a format's name; null: this format is only an annotation.
format_test format_named(std::string_view name);

}  // namespace hydrant::protocol::json_schema
