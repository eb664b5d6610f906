#pragma once

// The bus between processes: core NATS, through cnats (which only bus/ knows). What the contract leaves open:
//
// - Handlers run on cnats' delivery thread, one after the other; gap handlers on a thread of this bus.
// - `publish` copies into a bounded queue; a thread of this bus writes to the server. While there is no connection,
//   messages are dropped, not kept for later. Receivers notice through sequence numbers (bus/nats_envelope.hpp), and
//   everyone who was disconnected is told of a gap once the connection is back.
// - A heartbeat a second follows on each subject that was published to in the last ten seconds or so, for at most 1,024
//   subjects: a loss at the end of a burst is noticed a second later. That holds for `node.<id>` subjects as for
//   broadcast ones: whoever published to it beats on it.
// - Messages that were not published by a nats_bus are dropped and counted: the payload must begin with our line.

#include "bus/bus.hpp"
#include "bus/nats_settings.hpp"
#include "bus/nats_tuning.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hydrant::bus {

/// For metrics, /health and /ready. Counts run from the start of the process.
struct nats_state {
  bool connected = false;  ///< a server that falls silent counts as connected until the pings give it up
  std::string server;      ///< host:port of the connection, or of the last attempt
  std::string last_error;  ///< why there is no connection, or what went wrong last; empty: nothing ever did
  std::uint64_t reconnects = 0;
  std::uint64_t gaps = 0;            ///< reports to gap handlers
  std::uint64_t slow_consumers = 0;  ///< times that handlers fell so far behind that messages were dropped
  std::uint64_t messages_in = 0;     ///< given to handlers, once for each message
  std::uint64_t bytes_in = 0;        ///< payload only, as in bytes_out
  std::uint64_t messages_out = 0;    ///< written to the server
  std::uint64_t bytes_out = 0;
  std::uint64_t dropped = 0;    ///< published, but not written: no connection, queue full, too large, after stop
  std::uint64_t repeated = 0;   ///< came again and were dropped
  std::uint64_t malformed = 0;  ///< came from somebody else and were dropped
  std::uint64_t senders = 0;    ///< whose sequence numbers are known, over all subjects
};

/// Thread-safe; one per process (several in one process behave like several nodes).
///
/// Programming errors, thrown as std::logic_error: `subscribe` and `on_gap` after `start`; a subject to subscribe to
/// that is malformed. Publishing to a malformed subject drops the message. `stop` must not be called inside a handler.
///
/// Side effects of cnats on the process, with the first `start`: SIGPIPE is ignored, and a few idle threads stay until
/// the process ends.
class nats_bus final : public bus {
 public:
  /// `node_id` is the name of the connection in NATS' own monitoring.
  nats_bus(nats_settings settings, std::string node_id, nats_tuning tuning = {});
  /// Stops.
  ~nats_bus() override;

  void subscribe(std::string subject, message_handler handler) override;
  void on_gap(gap_handler handler) override;

  /// Returns after the first attempt to connect, also when it failed: then it goes on trying, for ever, and `state`
  /// says why. Errors: invalid_params (the settings contradict each other, or a file cannot be read), unavailable (it
  /// was stopped).
  base::result<> start() override;

  /// Takes up to the drain timeout, and as long as a handler takes.
  void stop() override;

  void publish(std::string_view subject, std::string_view payload, std::string_view traceparent = {}) override;

  nats_state state() const;

 private:
  class core;
  std::shared_ptr<core> core_;
};

}  // namespace hydrant::bus
