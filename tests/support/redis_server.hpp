#pragma once

// A real redis-server for one test: its own process, port and directory, nothing shared with the system's service.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace hydrant::support {

enum class redis_persistence { none, append_only };  ///< append_only: fsync before each answer
enum class redis_wire { plain, tls };  ///< tls: a certificate for localhost and 127.0.0.1 by a CA of its own

struct redis_options {
  redis_persistence persistence = redis_persistence::none;
  redis_wire wire = redis_wire::plain;
  std::string password = {};             ///< empty: none asked for
  std::vector<std::string> config = {};  ///< more lines for redis.conf
};

/// Answers when the constructor returns. The functions throw std::runtime_error (with the end of the server's log) when
/// something takes longer than 10 s.
///
/// The server dies with its owner: with this object, with the test's process, however that ends, and also with the
/// thread that started it, so start it from a thread that stays. Not thread-safe, except `ask`.
class redis_server {
 public:
  explicit redis_server(redis_options options = {});
  ~redis_server();
  redis_server(const redis_server&) = delete;
  redis_server& operator=(const redis_server&) = delete;

  /// Whether this machine has the programs that are needed.
  static bool installed();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  /// redis:// or rediss:// with the password, database 0.
  std::string url() const;
  const std::filesystem::path& directory() const { return directory_; }
  /// What a client of a TLS server has to trust, as PEM.
  std::filesystem::path ca_file() const { return directory_ / "ca.pem"; }

  /// SIGKILL; returns when the process is gone. Idempotent.
  void kill();
  /// SIGTERM, so that it may save; returns when the process is gone. Idempotent.
  void stop();
  /// Starts it again on the same port, with what it has persisted.
  void start();
  void restart() {
    kill();
    start();
  }
  /// SIGSTOP: sockets stay open, nothing is answered.
  void pause();
  void resume();

  /// Sends one command past TLS and password, over a socket that only tests know, and waits for the answer, as text;
  /// the items of an array are lines. An error reply begins with its code, as in `ERR no such key`.
  std::string ask(const std::vector<std::string>& words) const;
  /// A field of INFO, such as `ask_info("connected_clients")`; empty: no such field.
  std::string ask_info(std::string_view field) const;

 private:
  void write_config() const;
  void await_answer();
  void end(int signal);
  std::string socket_path() const { return directory_ / "redis.sock"; }
  std::string log_end() const;

  redis_options options_;
  std::filesystem::path directory_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace hydrant::support
