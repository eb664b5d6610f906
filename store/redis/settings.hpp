#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hydrant::store::redis {

/// Where a Redis server is, and what is asked of connections to it.
struct settings {
  std::string host = "localhost";  ///< name or address; an IPv6 address without brackets
  std::uint16_t port = 6379;
  bool tls = false;
  std::string ca_file;   ///< PEM file with the authorities that are trusted; empty: the system's
  std::string user;      ///< empty: Redis' default user
  std::string password;  ///< empty: none
  std::uint32_t database = 0;
  std::string name = "hydrant";  ///< what CLIENT LIST shows
  std::chrono::milliseconds connect_timeout{2000};
  /// From the call to the answer. A server that takes longer is taken for dead: the connection is dropped.
  std::chrono::milliseconds command_timeout{2000};
  std::size_t waiting_max = 10'000;  ///< unanswered commands of one connection
};

/// Reads `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS. User and password are
/// percent-encoded; an IPv6 address stands in brackets. Errors: invalid_params, with a message that says what to write;
/// it shows no part of the URL, any of which may belong to a password.
base::result<settings> parse_url(std::string_view url);

/// The server for logs, without user and password: `redis://host:6379/0`.
std::string shown(const settings& server);

}  // namespace hydrant::store::redis
