#include "protocol/json_schema/uri.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace hydrant::protocol::json_schema {
namespace {

struct parts {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
};

bool is_scheme(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view others = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  return !text.empty() && letters.find(text.front()) != letters.npos && text.find_first_not_of(others) == text.npos;
}

parts split(std::string_view uri) {
  parts out;
  if (const auto colon = uri.find_first_of(":/?");
      colon != uri.npos && uri[colon] == ':' && is_scheme(uri.substr(0, colon))) {
    out.scheme = uri.substr(0, colon);
    uri.remove_prefix(colon + 1);
  }
  if (const auto mark = uri.find('?'); mark != uri.npos) {
    out.query = uri.substr(mark + 1);
    uri = uri.substr(0, mark);
  }
  if (uri.starts_with("//")) {
    const auto end = std::min(uri.find('/', 2), uri.size());
    out.authority = uri.substr(2, end - 2);
    uri.remove_prefix(end);
  }
  out.path = uri;
  return out;
}

std::string join(const parts& uri, std::string_view path) {
  std::string out;
  if (uri.scheme) out.append(*uri.scheme).append(":");
  if (uri.authority) out.append("//").append(*uri.authority);
  out.append(path);
  if (uri.query) out.append("?").append(*uri.query);
  return out;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool rooted = path.starts_with('/');
  bool ends_in_directory = false;
  for (std::size_t begin = rooted ? 1 : 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto segment = path.substr(begin, end - begin);
    ends_in_directory = segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!ends_in_directory) kept.push_back(segment);
    begin = end + 1;
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i)
    out.append(i ? "/" : "").append(kept[i]);
  if (ends_in_directory && !kept.empty()) out += '/';
  return out;
}

/// RFC 3986 section 5.2.3.
std::string merged(const parts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return "/" + std::string{path};
  return std::string{base.path.substr(0, base.path.rfind('/') + 1)} + std::string{path};
}

std::string resolve_document(std::string_view base, std::string_view reference) {
  if (reference.empty()) return std::string{base};
  auto target = split(reference);
  // A path without segments, such as a URN's, is opaque: there are no dots to remove.
  if (target.scheme && !target.path.starts_with('/')) return join(target, target.path);
  if (target.scheme) return join(target, without_dots(target.path));
  const auto from = split(base);
  target.scheme = from.scheme;
  if (target.authority) return join(target, without_dots(target.path));
  target.authority = from.authority;
  if (target.path.empty()) return join(target, from.path);
  if (target.path.starts_with('/')) return join(target, without_dots(target.path));
  return join(target, without_dots(merged(from, target.path)));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

uri_target resolve_uri(std::string_view base, std::string_view reference) {
  const auto hash = std::min(reference.find('#'), reference.size());
  const auto fragment = reference.substr(std::min(hash + 1, reference.size()));
  return {resolve_document(base, reference.substr(0, hash)), percent_decoded(fragment)};
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escaped) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace hydrant::protocol::json_schema
