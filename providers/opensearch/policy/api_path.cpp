#include "providers/opensearch/policy/api_path.hpp"

#include <algorithm>
#include <string>

namespace hydrant::providers::opensearch {
namespace {

constexpr std::size_t path_bytes_max = 4'000;  // OpenSearch takes 4,096 for the whole request line

base::error refuse(const char* why) {
  return base::fail(base::error_kind::invalid_params, std::string("the path ") + why);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(int byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == '.' || byte == '_' || byte == '~';
}

// OpenSearch finds its handler by the path as it is written, a proxy before it may decode first. A path whose two
// readings could differ is refused: %5Fsearch, a%2F..%2F_flush, %252F.
bool changes_meaning(int byte) {
  return byte < 0x20 || byte == 0x7F || is_unreserved(byte) ||
         std::string_view("/\\?#%").find(static_cast<char>(byte)) != std::string_view::npos;
}

base::result<> check_escape(std::string_view rest) {
  const auto high = rest.size() > 2 ? hex_digit(rest[1]) : -1;
  const auto low = rest.size() > 2 ? hex_digit(rest[2]) : -1;
  if (high < 0 || low < 0) return refuse("holds a percent sign that encodes nothing");
  if (changes_meaning(high * 16 + low)) {
    return refuse("holds a percent-encoded character that must be written plainly, or must not be there");
  }
  return {};
}

base::result<> check_character(std::string_view rest) {
  const auto byte = static_cast<unsigned char>(rest.front());
  if (byte <= 0x20 || byte >= 0x7F)
    return refuse("holds a character that must be percent-encoded, or must not be there");
  if (byte == '?' || byte == '#') return refuse("must not hold a query or a fragment: give parameters apart from it");
  if (byte == '\\') return refuse("must not hold a backslash");
  if (byte == '%') return check_escape(rest);
  return {};
}

base::result<> check_segment(std::string_view segment) {
  if (segment.empty()) return refuse("must not hold an empty segment, nor end with a slash");
  if (segment == "." || segment == "..") return refuse("must not hold . or .. as a segment");
  return {};
}

}  // namespace

base::result<std::vector<std::string_view>> split_path(std::string_view path) {
  if (path.empty() || path.front() != '/') return refuse("must begin with a slash");
  if (path.size() > path_bytes_max) return refuse("is too long");
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto good = check_character(path.substr(i));
    if (!good) return good.error();
  }
  std::vector<std::string_view> segments;
  for (auto rest = path.substr(1); path.size() > 1;) {
    const auto slash = rest.find('/');
    const auto good = check_segment(rest.substr(0, slash));
    if (!good) return good.error();
    segments.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return segments;
}

}  // namespace hydrant::providers::opensearch
