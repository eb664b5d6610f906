#include "gateway/request.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cctype>

namespace hydrant::gateway {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(field::count)> names{"host",
                                                                                     "origin",
                                                                                     "accept",
                                                                                     "content-type",
                                                                                     "authorization",
                                                                                     "last-event-id",
                                                                                     "mcp-method",
                                                                                     "mcp-name",
                                                                                     "mcp-protocol-version",
                                                                                     "mcp-session-id",
                                                                                     "access-control-request-headers"};
constexpr std::string_view mirrored_prefix = "mcp-param-";
constexpr std::size_t mirrored_max = 64;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool same_name(std::string_view given, std::string_view lower_name) {
  return given.size() == lower_name.size() &&
         std::equal(given.begin(), given.end(), lower_name.begin(), [](char a, char b) { return lower(a) == b; });
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (low) {
      out += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

bool request::add(std::string_view name, std::string_view value) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!same_name(name, names[i])) continue;
    const bool again = present_[i];
    present_[i] = true;
    // Only Accept is a list that may be spread over several fields (RFC 9110 section 5.3).
    if (again && static_cast<field>(i) == field::accept)
      values_[i].append(",").append(value);
    else
      values_[i].assign(value);
    return !again || static_cast<field>(i) == field::accept;
  }
  if (same_name(name, "expect") && same_name(value, "100-continue")) expects_continue = true;
  if (name.size() <= mirrored_prefix.size() || !same_name(name.substr(0, mirrored_prefix.size()), mirrored_prefix))
    return true;
  std::string lowered(name);
  std::ranges::transform(lowered, lowered.begin(), lower);
  if (mirrored.size() < mirrored_max) mirrored.emplace_back(std::move(lowered), value);
  return true;
}

std::string request::query_parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name)
      return equals == std::string_view::npos ? std::string() : percent_decoded(pair.substr(equals + 1));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
  }
  return {};
}

void request::clear() {
  path.clear();
  query.clear();
  body.clear();
  mirrored.clear();
  expects_continue = false;
  for (auto& value : values_)
    value.clear();
  present_.fill(false);
}

void request::release_memory() {
  clear();
  path.shrink_to_fit();
  query.shrink_to_fit();
  body.shrink_to_fit();
  mirrored.shrink_to_fit();
  for (auto& value : values_)
    value.shrink_to_fit();
}

request_reader::request_reader(request& into, std::size_t header_bytes_max, std::size_t body_bytes_max)
    : into_(into), header_bytes_max_(header_bytes_max) {
  into_.clear();
  header_limit(static_cast<std::uint32_t>(header_bytes_max));
  body_limit(body_bytes_max);
  eager(true);
}

void request_reader::on_request_impl(http::verb method, string_view, string_view target, int version, error_code&) {
  header_bytes_ = target.size();
  into_.method = method;
  into_.chunked_answers = version >= 11;
  const auto question = target.find('?');
  into_.path.assign(target.substr(0, question));
  if (question != string_view::npos) into_.query.assign(target.substr(question + 1));
}

// RFC 9112 section 6: a proxy in front may go by the other length, or by another coding than the one that we know.
request_reader::error_code request_reader::check_framing(http::field name, string_view value) {
  if (name == http::field::content_length && (std::exchange(sized_, true) || value.find(',') != string_view::npos))
    return http::error::bad_content_length;
  const bool chunked = same_name({value.data(), value.size()}, "chunked") && into_.chunked_answers;
  if (name == http::field::transfer_encoding && !chunked) return http::error::bad_transfer_encoding;
  return {};
}

void request_reader::on_field_impl(http::field id, string_view name, string_view value, error_code& ec) {
  constexpr std::size_t separators = 4;  // ": " and the line's end
  header_bytes_ += name.size() + value.size() + separators;
  if (header_bytes_ > header_bytes_max_)
    ec = http::error::header_limit;
  else
    ec = check_framing(id, value);
  // A trailer's fields come too late for whoever decided by the header (RFC 9110 section 6.5.1).
  if (ec || is_header_done()) return;
  if (!into_.add({name.data(), name.size()}, {value.data(), value.size()})) ec = http::error::bad_field;
}

void request_reader::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  constexpr std::uint64_t trusted_length_max = 64 * 1024;  // a length is only a promise
  if (length) into_.body.reserve(static_cast<std::size_t>(std::min(*length, trusted_length_max)) + 64);
}

std::size_t request_reader::on_body_impl(string_view bytes, error_code&) {
  into_.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

std::size_t request_reader::on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) {
  into_.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

}  // namespace hydrant::gateway
