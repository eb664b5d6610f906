#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::store::redis {

/// One reply of the server (RESP2), by value.
struct reply {
  enum class type { nil, integer, text, status, error, array };
  type kind = type::nil;
  std::int64_t integer = 0;
  std::string text;          ///< of text, status and error
  std::vector<reply> items;  ///< of array
};

/// The first word of an error, such as WRONGTYPE; empty: it is no error. It views the reply's text.
std::string_view error_code_of(const reply& answer);

/// Whether that code is what the server says while it cannot serve, whatever the command.
bool means_unavailable(std::string_view error_code);

}  // namespace hydrant::store::redis
