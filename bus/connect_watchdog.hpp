#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <sys/types.h>
#include <thread>

namespace hydrant::bus {

/// Ends a natsConnection_Connect that overruns its own timeout. cnats 3.4.1 has no deadline for a TLS handshake, and
/// when the server falls silent between its INFO and its PONG, cnats spins and collects memory until the peer closes.
/// It shows its socket to nobody meanwhile, so the watchdog looks for it: a TCP socket of this process, to the server's
/// port, that was not there before. It shuts that down, and cnats gives up.
///
/// Another connection that this process makes to the same port at the same time would be cut as well; there is one bus
/// per process. One for each attempt.
class connect_watchdog {
 public:
  /// Bites after `patience`, and again until it is destroyed.
  connect_watchdog(std::uint16_t port, std::chrono::milliseconds patience);
  ~connect_watchdog();
  connect_watchdog(const connect_watchdog&) = delete;
  connect_watchdog& operator=(const connect_watchdog&) = delete;

  /// Whether it had to cut a connection.
  bool has_bitten() const;

 private:
  void run(std::chrono::milliseconds patience);

  const std::uint16_t port_;
  const std::set<ino_t> others_;  // sockets to that port that were there before

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  bool over_ = false;
  bool bitten_ = false;

  std::thread thread_;
};

}  // namespace hydrant::bus
