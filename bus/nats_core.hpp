#pragma once

// The inside of nats_bus; included by its own two files only.

#include "bus/gate.hpp"
#include "bus/nats_bus.hpp"
#include "bus/nats_inbox.hpp"
#include "bus/nats_link.hpp"
#include "bus/nats_outbox.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

namespace hydrant::bus {

/// One thread, the keeper, owns the connection: it makes it and makes it anew, writes, beats and reports gaps. Cnats'
/// threads only mark and wake it. The keeper shares ownership, because it may be stuck in cnats when the bus is
/// stopped.
class nats_bus::core final : public nats_link_listener {
 public:
  core(nats_settings settings, std::string node_id, nats_tuning tuning);

  void subscribe(std::string subject, message_handler handler);
  void on_gap(gap_handler handler);
  base::result<> start(const std::shared_ptr<core>& self);
  void stop();
  void publish(std::string_view subject, std::string_view payload, std::string_view traceparent);
  nats_state state() const;

  void on_bytes(std::string_view subject, std::string_view bytes, std::string_view traceparent) override;
  void on_slow() override;
  void on_complaint(std::string text) override;
  void on_lost(std::string why) override;

 private:
  using time = std::chrono::steady_clock::time_point;
  enum class phase { preparing, running, stopping, stopped };
  enum class attempt { first, later };

  /// What the keeper is to look after. Guarded by mutex_.
  struct duties {
    bool outgoing = false;
    bool lost = false;
    bool gap = false;
    bool stop = false;
  };

  void require_preparing(const char* what) const;
  void mark(bool duties::*duty);

  // On the keeper.
  void run();
  duties wait();
  time next_deadline() const;
  void connect(attempt which);
  void note_connected(attempt which);
  void note_failed(const base::error& why);
  void drop_link();
  void send(nats_outbox::with_heartbeats heartbeats);
  void send_message(const outgoing& message);
  void send_heartbeat(const sent_sequences::heartbeat& beat);
  bool write(const std::string& subject, const nats_envelope& envelope, const std::string& traceparent);
  void note_write_failed();
  void beat_if_due();
  void report_gap_if_due();
  std::chrono::milliseconds reconnect_delay();

  // Constant after construction.
  const nats_tuning tuning_;
  const std::string boot_;

  // Provide their own synchronization.
  nats_inbox inbox_;
  nats_outbox outbox_;
  gate handlers_;  // of messages and gaps; shut at the end
  std::atomic<phase> phase_{phase::preparing};
  std::atomic<std::uint64_t> gaps_{0};
  std::atomic<std::uint64_t> slow_consumers_{0};
  std::atomic<std::uint64_t> reconnects_{0};
  std::atomic<std::uint64_t> messages_out_{0};
  std::atomic<std::uint64_t> bytes_out_{0};
  std::atomic<std::uint64_t> dropped_{0};

  // Constant after start.
  std::vector<gap_handler> gap_handlers_;
  nats_link_target target_;  // but for its server, which is the keeper's

  mutable std::mutex mutex_;
  std::condition_variable wake_;   // the keeper
  std::condition_variable moved_;  // who waits for the keeper
  // Guarded by mutex_.
  duties duties_;
  bool tried_ = false;       // the first attempt is over
  bool connecting_ = false;  // the keeper may be stuck
  bool finished_ = false;    // the keeper has ended
  bool connected_ = false;
  std::string server_;
  std::string last_error_;

  std::mutex stop_mutex_;
  std::thread keeper_;  // guarded by stop_mutex_ after start

  // Of the keeper.
  std::unique_ptr<nats_link> link_;
  std::minstd_rand random_;
  std::size_t next_server_ = 0;
  time next_attempt_;
  time next_beat_;
  time next_gap_;
  bool gap_due_ = false;
  std::string bytes_;            // of the message that is being written
  std::string sender_;           // its sender
  std::vector<outgoing> spare_;  // memory of the last batch
  std::string reported_;         // the last failure that was logged
};

}  // namespace hydrant::bus
