#pragma once

// One HTTP request of ours to somebody else's server, and its reply, as plain values.

#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::net {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// How the server is checked, and how we show who we are. Paths name PEM files.
struct tls_settings {
  bool verify_peer = true;
  std::string ca_file{};           ///< empty: what the system trusts
  std::string certificate_file{};  ///< empty: we show none
  std::string key_file{};
  bool operator==(const tls_settings&) const = default;
};

/// Whether it does no harm if the server gets the request twice.
enum class repeatable { no, yes };

struct http_request {
  std::string method = "GET";
  std::string url{};      ///< absolute, http or https, ASCII, sent as it is: whoever makes it escapes it
  header_list headers{};  ///< without Host, Content-Length and Transfer-Encoding
  std::string body{};     ///< none for HEAD
  std::chrono::milliseconds timeout{
      std::chrono::seconds(30)};  ///< from `send` to the reply's last byte; waiting counts
  std::chrono::milliseconds connect_timeout{std::chrono::seconds(5)};  ///< from when its turn has come; TLS included
  std::size_t body_bytes_max = 10 * 1024 * 1024;                       ///< of the reply, which is never decompressed
  std::shared_ptr<const tls_settings> tls{};  ///< null: the system's trust, no certificate of ours
  /// Never through a proxy that the environment names: for endpoints of the machine itself.
  bool direct = false;
  /// What is not repeatable goes over a connection of its own: a kept one may be dead, which shows only after sending.
  repeatable repeat = repeatable::yes;
};

struct http_reply {
  int status = 0;
  header_list
      headers{};  ///< names in lower case; of the last answer, without what came before (1xx) and after (trailers)
  std::string body{};

  /// Empty: there is none.
  std::string_view header(std::string_view name_in_lower_case) const {
    for (const auto& [name, value] : headers)
      if (name == name_in_lower_case) return value;
    return {};
  }
};

/// Whether the server can have seen the request that failed.
enum class reached { no, perhaps };

/// How an exchange failed. Kinds: unavailable (no connection, or it broke), timeout (of the server), too_large (the
/// reply), overloaded (our own: too many wait, or its turn did not come in time), invalid_params (see
/// net/http_rules.hpp), internal. Messages repeat nothing of the request; `detail` may name hosts and files.
struct http_failure {
  base::error why;
  reached server = reached::perhaps;
};

/// A reply of any status, or why there is none.
using http_outcome = boost::system::result<http_reply, http_failure>;

/// `result::value()` on a failure is a programming error.
[[noreturn]] inline void throw_exception_from_error(const http_failure& failure, const boost::source_location& where) {
  base::throw_exception_from_error(failure.why, where);
}

/// Whatever sends requests: the client below, or what a test puts in its place.
using http_sender = std::function<boost::asio::awaitable<http_outcome>(http_request)>;

}  // namespace hydrant::net
