#pragma once

// A real nats-server for one test: its own process, port and directory.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace hydrant::support {

enum class nats_server_wire { plain, tls };  ///< tls: with a certificate by a CA of its own

struct nats_server_options {
  nats_server_wire wire = nats_server_wire::plain;
  std::string certificate_names = "DNS:localhost,IP:127.0.0.1";
  std::string user{};  ///< with `password`
  std::string password{};
  std::string token{};
  std::string nkey{};                 ///< public key (U...) of the one user
  std::vector<std::string> config{};  ///< more lines for the configuration file
};

/// Answers when the constructor returns. The functions throw std::runtime_error (with the end of the server's log) when
/// something takes longer than 10 s.
///
/// The server dies with its owner: with this object, with the test's process, however that ends, and also with the
/// thread that started it, so start it from a thread that stays. Not thread-safe.
class nats_server {
 public:
  explicit nats_server(nats_server_options options = {});
  ~nats_server();
  nats_server(const nats_server&) = delete;
  nats_server& operator=(const nats_server&) = delete;

  /// Whether this machine has the programs that are needed.
  static bool installed();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  /// nats:// or tls://, without a login.
  std::string url() const { return url(""); }
  /// The same with `login` (`user:password` or a token) before the host.
  std::string url(std::string_view login) const;
  const std::filesystem::path& directory() const { return directory_; }
  /// What a client of a TLS server has to trust, as PEM.
  std::filesystem::path ca_file() const { return directory_ / "ca.pem"; }

  /// SIGKILL; returns when the process is gone. Idempotent.
  void kill();
  /// SIGTERM; returns when the process is gone. Idempotent.
  void stop();
  /// Starts it again on the same port.
  void start();
  void restart() {
    kill();
    start();
  }
  /// SIGSTOP: sockets stay open, nothing is answered.
  void pause();
  void resume();

  /// For the next start.
  void change(nats_server_options options) { options_ = std::move(options); }

 private:
  void write_config() const;
  bool begin();
  void end(int signal);
  std::string log_end() const;

  nats_server_options options_;
  std::filesystem::path directory_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace hydrant::support
