#pragma once

// The sealed `requestState` of multi-round-trip results (2026-07-28, basic/patterns/mrtr, "Server Requirements"): any
// node that has the key carries on where another node asked, with nothing stored in between. The client holds the
// token, so it is encrypted, authenticated, and bound to principal, request and time.

#include "base/clock.hpp"
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol {

/// A key of AES-256-GCM and the name that tokens refer to it by. Its bytes are wiped on destruction.
struct sealing_key {
  std::string id;  ///< `[A-Za-z0-9_-]{1,32}`; readable in every token
  std::array<unsigned char, 32> bytes{};

  ~sealing_key();
};

/// The keys of a grid: the current one seals, the older ones still open what they sealed. Immutable, so any thread may
/// use it; to rotate, make another one. Nonces are random: retire a key before 2^32 seals.
class keyring {
 public:
  static constexpr std::size_t keys_max = 16;

  /// The first key is the current one. Fails with invalid_params if there is none, an id is malformed or comes twice.
  static base::result<keyring> make(std::vector<sealing_key> keys);

  /// One new key, for a node that shares no keys: its tokens open nowhere else, nor after a restart.
  static keyring random(std::string id = "local");

  const sealing_key& current() const { return keys_.front(); }

  /// Null pointer if no key has that id.
  const sealing_key* find(std::string_view id) const;

 private:
  explicit keyring(std::vector<sealing_key> keys) : keys_(std::move(keys)) {}

  std::vector<sealing_key> keys_;  // never empty
};

/// What a token says. Nobody but the holders of the key can read or make it.
struct state_claims {
  std::string principal;       ///< who may present it; empty for an anonymous client
  std::string request_digest;  ///< of the request it belongs to, see request_digest()
  base::wall_time expires{};   ///< kept to the millisecond
  std::string nonce;           ///< for callers that must see a state only once; not checked here
  std::string payload;         ///< the tool's own bytes

  bool operator==(const state_claims&) const = default;
};

/// What a token must say to be accepted with a request.
struct expected_state {
  std::string_view principal;
  std::string_view request_digest;
  base::wall_time now;
};

/// Bound of all claims together; seal() refuses more.
inline constexpr std::size_t state_bytes_max = 64 * 1024;

/// A token in visible ASCII: `<key id>.<base64url of nonce, ciphertext and tag>`. Never the same twice. Fails with
/// too_large; throws std::runtime_error if the system's cryptography fails.
base::result<std::string> seal(const keyring& keys, const state_claims& claims);

/// Fails with invalid_params and one and the same message, whatever is wrong, so that nobody can probe for what a token
/// holds; `detail` tells an unknown key, a forgery, an expired state, another principal and another request apart.
base::result<state_claims> open(const keyring& keys, std::string_view token, const expected_state& expected);

/// SHA-256 as base64url over the request that a state belongs to. `arguments_json` must be in a canonical form, since
/// the client may serialise a retry in another order.
std::string request_digest(std::string_view method, std::string_view name_or_uri, std::string_view arguments_json);

}  // namespace hydrant::protocol
