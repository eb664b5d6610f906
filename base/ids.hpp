#pragma once

#include <cstddef>
#include <string>

namespace hydrant::base {

/// `bytes` bytes from the system's cryptographic generator as unpadded base64url (visible ASCII, RFC 4648 section 5).
/// Throws std::runtime_error if the generator fails: there is no safe way on.
std::string random_token(std::size_t bytes);

/// A session id: 192 random bits, 32 visible ASCII characters (MCP asks for a secure, visible ASCII id).
inline std::string new_session_id() {
  return random_token(24);
}

/// Names one start of one process, so that a node that restarts under its old name is told apart.
inline std::string new_boot_id() {
  return random_token(9);
}

}  // namespace hydrant::base
