#include "store/redis/settings.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace hydrant::store::redis {
namespace {

constexpr std::string_view encoding_hint = " (in a user name or password, write / as %2F, : as %3A and @ as %40)";

base::error wrong(std::string_view what) {
  return base::fail(base::error_kind::invalid_params, "Redis URL: " + std::string(what));
}

template <class Number>
std::optional<Number> number(std::string_view digits, Number low, Number high) {
  Number value{};
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc{} || end != digits.data() + digits.size() || value < low || value > high) return {};
  return value;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    unsigned char byte = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (failure != std::errc{} || digits.size() != 2 || end != digits.data() + 2) return {};
    plain += static_cast<char>(byte);
    i += 2;
  }
  return plain;
}

base::result<> read_user(std::string_view text, settings& into) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos)
    return wrong("a user name needs a password: user:password@host, or :password@host for the default user");
  auto user = decoded(text.substr(0, colon));
  auto password = decoded(text.substr(colon + 1));
  if (!user || !password)
    return wrong("% in a user name or password is followed by two hexadecimal digits; write % itself as %25");
  if (password->empty() && !user->empty()) return wrong("the password is empty: write user:password@host");
  into.user = std::move(*user);
  into.password = std::move(*password);
  return {};
}

base::result<> read_port(std::string_view text, settings& into) {
  const auto port = number<std::uint16_t>(text, 1, std::numeric_limits<std::uint16_t>::max());
  if (!port) return wrong("the port is a number from 1 to 65535" + std::string(encoding_hint));
  into.port = *port;
  return {};
}

base::result<> read_bracketed_host(std::string_view text, settings& into) {
  const std::size_t end = text.find(']');
  boost::system::error_code failure;
  into.host = text.substr(1, end == std::string_view::npos ? end : end - 1);
  boost::asio::ip::make_address_v6(into.host, failure);
  if (end == std::string_view::npos || failure)
    return wrong("in brackets stands an IPv6 address, as in redis://[::1]:6379");
  const std::string_view rest = text.substr(end + 1);
  if (rest.empty()) return {};
  if (rest.front() != ':') return wrong("after the brackets comes a colon and the port, as in redis://[::1]:6379");
  return read_port(rest.substr(1), into);
}

base::result<> read_host(std::string_view text, settings& into) {
  if (text.starts_with('[')) return read_bracketed_host(text, into);
  if (std::count(text.begin(), text.end(), ':') > 1)
    return wrong("an IPv6 address stands in brackets, as in redis://[::1]:6379" + std::string(encoding_hint));
  const std::size_t colon = text.find(':');
  into.host = text.substr(0, colon);
  const bool bad = std::any_of(into.host.begin(), into.host.end(),
                               [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '%'; });
  if (into.host.empty() || bad)
    return wrong("the host is missing or misspelt: write redis://host:6379" + std::string(encoding_hint));
  return colon == std::string_view::npos ? base::result<>{} : read_port(text.substr(colon + 1), into);
}

base::result<> read_database(std::string_view text, settings& into) {
  if (text.empty()) return {};
  const auto database = number<std::uint32_t>(text, 0, std::numeric_limits<std::int32_t>::max());
  if (!database)
    return wrong("after the host comes / and the number of a database, as in /0" + std::string(encoding_hint));
  into.database = *database;
  return {};
}

base::result<> read_rest(std::string_view rest, settings& into) {
  if (rest.find_first_of("?#") != std::string_view::npos)
    return wrong("it takes no parameters after ? or # (in a password, write ? as %3F and # as %23)");
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    if (const auto read = read_user(authority.substr(0, at), into); !read) return read;
    authority.remove_prefix(at + 1);
  }
  if (const auto read = read_host(authority, into); !read) return read;
  return slash == std::string_view::npos ? base::result<>{} : read_database(rest.substr(slash + 1), into);
}

}  // namespace

base::result<settings> parse_url(std::string_view url) {
  settings found;
  if (url.starts_with("rediss://")) {
    found.tls = true;
  } else if (!url.starts_with("redis://")) {
    return wrong("it begins with redis:// or, for TLS, rediss://, as in redis://:password@host:6379/0");
  }
  url.remove_prefix(url.find("//") + 2);
  if (const auto read = read_rest(url, found); !read) return read.error();
  return found;
}

std::string shown(const settings& server) {
  const bool brackets = server.host.find(':') != std::string::npos;
  return (server.tls ? "rediss://" : "redis://") + (brackets ? "[" + server.host + "]" : server.host) + ":" +
         std::to_string(server.port) + "/" + std::to_string(server.database);
}

}  // namespace hydrant::store::redis
