#include "providers/opensearch/client/api_request.hpp"

namespace hydrant::providers::opensearch {
namespace {

bool is_unreserved(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_escaped(std::string& out, std::string_view text, std::string_view kept) {
  constexpr char digits[] = "0123456789ABCDEF";
  for (const unsigned char c : text) {
    if (is_unreserved(c) || kept.find(static_cast<char>(c)) != std::string_view::npos) {
      out += static_cast<char>(c);
    } else {
      out.append({'%', digits[c >> 4], digits[c & 15]});
    }
  }
}

}  // namespace

std::string escaped_segment(std::string_view text) {
  // A segment of dots alone would be taken for a step in the path.
  if (text == ".") return "%2E";
  if (text == "..") return "%2E%2E";
  std::string out;
  append_escaped(out, text, ",*");
  return out;
}

std::string api_path(std::initializer_list<std::string_view> segments) {
  std::string path;
  for (const auto segment : segments)
    if (!segment.empty()) path.append("/").append(escaped_segment(segment));
  return path.empty() ? "/" : path;
}

std::string api_request::target() const {
  std::string out = path;
  char separator = '?';
  for (const auto& [name, value] : query) {
    append_escaped(out += separator, name, "");
    append_escaped(out += '=', value, ",*");
    separator = '&';
  }
  return out;
}

}  // namespace hydrant::providers::opensearch
