#pragma once

#include <chrono>
#include <cstddef>

namespace hydrant::bus {

/// Times and bounds of a NATS bus. The defaults are meant for every use but tests.
struct nats_tuning {
  /// Each attempt to connect may take so long, and each write to a server that takes nothing more.
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds write_deadline{2000};
  /// A server that leaves `pings_unanswered_max` pings unanswered at the time of the next one is given up: after 6 s.
  std::chrono::milliseconds ping_interval{2000};
  int pings_unanswered_max = 2;
  /// Before each attempt to reconnect: this, and up to as much again at random.
  std::chrono::milliseconds reconnect_wait{250};
  /// How often the last sequence numbers are told; how soon a loss at the end of a burst is noticed.
  std::chrono::milliseconds heartbeat_interval{1000};
  /// Gaps that come closer together than this are reported once.
  std::chrono::milliseconds gap_interval{100};
  /// How long `stop` waits for what is queued.
  std::chrono::milliseconds drain_timeout{2000};

  /// Published and not yet written; beyond it messages are dropped and a gap is reported.
  std::size_t outbox_messages_max = 8192;
  std::size_t outbox_bytes_max = 16 * 1024 * 1024;
  /// Received and not yet handled, for each subject; likewise.
  int pending_messages_max = 16384;
  int pending_bytes_max = 32 * 1024 * 1024;
};

}  // namespace hydrant::bus
