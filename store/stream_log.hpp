#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hydrant::store {

/// How much one stream keeps. The newest event always stays, however large it is.
struct stream_bounds {
  std::size_t events_max = 1024;
  std::size_t bytes_max = 4 * 1024 * 1024;
};

/// One stream of the memory store: its bounded log, who wrote to it and who holds it. A machine without lock, clock or
/// I/O; whoever owns it serialises the calls. Sized for ten thousand idle ones: an empty log owns no heap memory
/// beyond its holder's name.
class stream_log {
 public:
  /// Producers whose last append is remembered. One more pushes out the one whose last append is the oldest, and a
  /// repetition by that one would be appended again.
  static constexpr std::size_t producers_max = 64;

  explicit stream_log(std::uint64_t generation) : generation_(generation) {}

  /// Errors: stream_gone (it has ended), conflict (the producer skipped a number). A repetition is answered also after
  /// the end: it took effect before.
  base::result<appended> append(const producer_ref& producer, std::string payload, const stream_bounds& bounds);

  /// `epoch` is above every earlier one of this stream.
  attached attach(const node_ref& holder, std::uint64_t epoch);
  void detach(std::uint64_t epoch);
  held holder() const { return {holder_, epoch_}; }

  replay read(position after, const read_limits& limits) const;

  /// Idempotent: the first call decides until when the stream can be read.
  void end(base::steady_time forget_at);
  bool ended() const { return forget_at_ != base::steady_time::max(); }
  bool over(base::steady_time now) const { return now >= forget_at_; }
  /// The end of the grace period; steady_time::max() while the stream is open.
  base::steady_time forget_at() const { return forget_at_; }

  std::size_t events() const { return log_.size() - first_; }
  std::size_t bytes() const { return bytes_; }

 private:
  friend struct stream_log_probe;  // tests/unit/store: loses the newest writes, as a store that was set back does

  using event_iterator = std::vector<logged_event>::const_iterator;

  struct producer_mark {
    std::string id;
    std::uint64_t sequence = 0;
    position written;
    position previous;
  };

  event_iterator oldest() const { return log_.begin() + static_cast<std::ptrdiff_t>(first_); }
  event_iterator first_above(position after) const;
  continuity follows(position after, event_iterator above) const;
  producer_mark* find_producer(const std::string& id);
  void remember(const producer_ref& producer, position written, position previous);
  position push(std::string payload);
  void trim(const stream_bounds& bounds);
  appended receipt(position id, position previous) const;

  std::uint64_t generation_;
  std::vector<logged_event> log_;  // the first `first_` are dropped, and taken away now and then
  std::size_t first_ = 0;
  std::size_t bytes_ = 0;  // payloads that are kept
  position last_;          // the newest event, also if it has been dropped since
  position dropped_;       // the newest event that was dropped
  std::vector<producer_mark> producers_;
  node_ref holder_;
  std::uint64_t epoch_ = 0;
  base::steady_time forget_at_ = base::steady_time::max();
};

}  // namespace hydrant::store
