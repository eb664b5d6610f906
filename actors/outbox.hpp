#pragma once

// One producer's events on their way into a stream's log: in order, each once, however often the store fails. A pure
// machine: it decides what to append and when, the session appends.
//
// The log refuses an event whose predecessor it has not seen (store/event_log.hpp), so several may be under way. After
// a failure nothing more is sent until all that are under way have come back; then they are repeated from the first
// that failed on, one at a time until the log is seen to take them. If the log has lost what it had taken,
// the rest goes on under a new name of the producer.

#include "base/result.hpp"
#include "providers/flow_window.hpp"
#include "store/event_log.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace hydrant::actors {

class outbox {
 public:
  /// `last`: the producer, and the last sequence that it has used.
  explicit outbox(store::producer_ref last) : producer_(std::move(last)) {}

  /// Takes an event and gives it the producer's next sequence. `charged`: a place in that window is given back when the
  /// event has reached the client; null: none was taken.
  void push(std::string payload, std::shared_ptr<providers::flow_window> charged);

  struct sending {
    store::producer_ref producer;
    std::string payload;
  };
  /// The next event to append now; nothing while there is none or others must come back first.
  std::optional<sending> next();

  enum class verdict {
    appended,  ///< it is in the log
    dropped,   ///< it never will be
    again      ///< it is kept
  };
  struct settlement {
    verdict what = verdict::dropped;
    bool repeated = false;                            ///< it was sent more than once
    std::string payload;                              ///< unless it is kept
    std::shared_ptr<providers::flow_window> charged;  ///< unless it is kept
  };
  /// What came of appending the event of this sequence. No failure: it is in the log.
  settlement settle(std::uint64_t sequence, std::optional<base::error_kind> failure);

  /// Whether all that failed has come back, so that it can be repeated after `pause()`.
  bool stalled() const { return halted_ && under_way_ == 0; }
  std::chrono::milliseconds pause() const;
  /// Goes on after a stall.
  void go_on();

  bool empty() const { return events_.empty(); }
  const store::producer_ref& producer() const { return producer_; }

 private:
  struct event {
    std::uint64_t sequence = 0;
    std::string payload;
    std::shared_ptr<providers::flow_window> charged;
    int tries = 0;
    bool under_way = false;
  };
  std::deque<event>::iterator find(std::uint64_t sequence);

  store::producer_ref producer_;
  std::deque<event> events_;  // not yet in the log; bounded by the windows of those who push
  std::size_t under_way_ = 0;
  bool known_ = false;  // the log has taken an event of ours since the last failure
  bool halted_ = false;
  int failures_ = 0;  // in a row
};

}  // namespace hydrant::actors
