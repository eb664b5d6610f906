#pragma once

// What fixtures of real servers have in common, besides child_process.hpp.

#include <cstdint>
#include <filesystem>
#include <string>

namespace hydrant::support {

/// A directory of its own below the system's temporary one; the caller removes it.
std::filesystem::path new_directory(const std::string& prefix);

/// A loopback port that nobody listens on, below those that the kernel gives to clients: while the server is down, no
/// client gets its port. Another process may be faster to take it.
std::uint16_t free_port();

/// Whether something accepts connections on a loopback port.
bool answers(std::uint16_t port);

/// Writes ca.pem, and server.pem with server.key for the names (in openssl's form), into a directory.
void make_certificates(const std::filesystem::path& into, const std::string& names = "DNS:localhost,IP:127.0.0.1");

}  // namespace hydrant::support
