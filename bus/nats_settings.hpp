#pragma once

// How to reach NATS. Nothing here speaks to a server; messages of errors say what to do and never show a user name, a
// password, a token or the text of a URL that may hold one.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::bus {

enum class nats_wire {
  plain,  ///< nats://; a server that asks for TLS gets it all the same
  tls,    ///< tls://; a server without TLS, or with a certificate for another name, is refused
};

struct nats_address {
  std::string host;  ///< a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = 4222;
  bool operator==(const nats_address&) const = default;
};

/// `host:port`, with brackets around IPv6, for people and logs.
std::string text_of(const nats_address& address);

struct nats_settings {
  std::vector<nats_address> servers;  ///< of one NATS cluster; tried in turn, in random order
  nats_wire wire = nats_wire::plain;

  // At most one way to log in.
  std::string user;
  std::string password;
  std::string token;
  std::string nkey_seed_file;    ///< path of a file with a user seed (SU...)
  std::string credentials_file;  ///< path of a .creds file: JWT and seed

  std::string ca_file;  ///< path of PEM certificates to trust besides the system's; with tls:// only
};

/// Reads `nats://[user[:password]@]host[:port][,...]`, or the same with `tls://`. A user without a password is a token.
/// The scheme and the login may be repeated for each server, but must not differ. Special characters of the login are
/// percent-encoded.
/// Errors: invalid_params.
base::result<nats_settings> parse_nats_url(std::string_view url);

/// Whether the fields fit together and the files can be read.
/// Errors: invalid_params.
base::result<> check_nats_settings(const nats_settings& settings);

}  // namespace hydrant::bus
