#pragma once

// The bus carries short messages between nodes. It is a hint, never the truth: what must not be lost is in the event
// log, and a message that does not arrive costs latency, never an event.
//
// Guarantees every implementation gives, and tests/unit/bus/bus_contract.hpp checks:
// - A message reaches each subscription of its subject at most once, the publisher's own process included.
// - Messages of one publishing thread to one subject arrive in the order in which they were published, with holes where
//   messages were lost.
// - A loss that the implementation can notice (reconnect, slow consumer, sequence gap) is reported to every gap
//   handler after the loss; handlers then resynchronise from the log.
// - `publish` never blocks and never waits for a peer; its queue is bounded, and what does not fit is dropped and
//   reported as a gap.
//
// What callers may not rely on: delivery; the thread that a handler runs on (it may be the publisher's, inside
// `publish`); an order between subjects or publishers. A handler copies and posts, nothing more, and must not throw.

#include "base/result.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace hydrant::bus {

/// A message as a handler sees it; the views live until the handler returns.
struct message_view {
  std::string_view subject;
  std::string_view payload;
  std::string_view traceparent;  ///< W3C trace context of what caused the message; empty: none
};

using message_handler = std::function<void(const message_view&)>;
using gap_handler = std::function<void()>;

/// Thread-safe; one per process. Subscriptions are made while the process starts and live as long as the bus: making
/// and dropping them while peers come and go is where brokers lose interest.
class bus {
 public:
  virtual ~bus() = default;

  /// Before `start` only. Subjects are dot-separated words of [A-Za-z0-9_-]; no wildcards.
  virtual void subscribe(std::string subject, message_handler handler) = 0;
  virtual void on_gap(gap_handler handler) = 0;

  /// Connects and begins to deliver. Errors: unavailable (and it keeps trying), invalid_params (bad settings).
  virtual base::result<> start() = 0;

  /// Delivers what is queued, then nothing more: no handler runs once it has returned. Idempotent.
  virtual void stop() = 0;

  virtual void publish(std::string_view subject, std::string_view payload, std::string_view traceparent = {}) = 0;
};

}  // namespace hydrant::bus
