#include "tests/support/server_parts.hpp"

#include "tests/support/child_process.hpp"

#include <arpa/inet.h>
#include <cstdlib>
#include <fstream>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace hydrant::support {
namespace {

// Runs `call` on a new socket with the address of a loopback port.
template <class Call>
bool with_loopback(std::uint16_t port, Call call) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool done = call(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return done;
}

}  // namespace

std::filesystem::path new_directory(const std::string& prefix) {
  std::string path = std::filesystem::temp_directory_path() / (prefix + "XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make a directory for " + prefix);
  return path;
}

std::uint16_t free_port() {
  std::random_device random;
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const auto port = static_cast<std::uint16_t>(20'000 + random() % 12'000);
    if (with_loopback(port, ::bind)) return port;
  }
  throw std::runtime_error("no port is free");
}

bool answers(std::uint16_t port) {
  return with_loopback(port, ::connect);
}

void make_certificates(const std::filesystem::path& into, const std::string& names) {
  const auto path = [&](const char* name) { return (into / name).string(); };
  const std::string log = path("openssl.log");
  std::ofstream(path("san.txt")) << "subjectAltName=" << names << '\n';
  const std::vector<std::string> key = {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"};
  std::vector<std::string> authority = {"openssl",     "req",     "-x509",        "-days", "2",           "-subj",
                                        "/CN=Test CA", "-keyout", path("ca.key"), "-out",  path("ca.pem")};
  std::vector<std::string> request = {"openssl",          "req",  "-subj",           "/CN=localhost", "-keyout",
                                      path("server.key"), "-out", path("server.csr")};
  authority.insert(authority.end(), key.begin(), key.end());
  request.insert(request.end(), key.begin(), key.end());
  run_child(authority, log);
  run_child(request, log);
  run_child({"openssl", "x509", "-req", "-days", "2", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey",
             path("ca.key"), "-CAcreateserial", "-extfile", path("san.txt"), "-out", path("server.pem")},
            log);
}

}  // namespace hydrant::support
