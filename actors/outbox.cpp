#include "actors/outbox.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::actors {
namespace {

constexpr std::chrono::milliseconds first_pause{50};
constexpr std::chrono::milliseconds longest_pause{1000};

// To a producer that the log does not know, any number may be the first.
constexpr char rewound_mark = '+';

// A conflict is what the log says of an event that came before a lost one.
bool may_be_repeated(base::error_kind kind) {
  return kind == base::error_kind::unavailable || kind == base::error_kind::conflict;
}

}  // namespace

void outbox::push(std::string payload, std::shared_ptr<providers::flow_window> charged) {
  events_.push_back({++producer_.sequence, std::move(payload), std::move(charged)});
}

std::optional<outbox::sending> outbox::next() {
  // An unknown producer may begin with any sequence, so the first one must be there before the second is sent.
  if (halted_ || (!known_ && under_way_ > 0)) return std::nullopt;
  // Those under way come first: events are sent in order, and all of them come back before any is repeated.
  if (under_way_ >= events_.size()) return std::nullopt;
  auto& first = events_[under_way_];
  first.under_way = true;
  ++first.tries;
  ++under_way_;
  return sending{{producer_.id, first.sequence}, first.payload};
}

outbox::settlement outbox::settle(std::uint64_t sequence, std::optional<base::error_kind> failure) {
  const auto found = find(sequence);
  if (found == events_.end() || !found->under_way) return {};
  --under_way_;
  found->under_way = false;
  if (failure && may_be_repeated(*failure)) {
    // Sent alone, after all before it had been taken: the log has lost some of those, and nobody can repeat them.
    if (failure == base::error_kind::conflict && found == events_.begin() && !known_) producer_.id += rewound_mark;
    halted_ = true;
    known_ = false;
    return {verdict::again, true, {}, nullptr};
  }
  if (!failure) {
    known_ = true;
    failures_ = 0;
  }
  settlement out{failure ? verdict::dropped : verdict::appended, found->tries > 1, std::move(found->payload),
                 std::move(found->charged)};
  events_.erase(found);
  return out;
}

std::chrono::milliseconds outbox::pause() const {
  return std::min(longest_pause, first_pause * (1 << std::min(failures_, 5)));
}

void outbox::go_on() {
  halted_ = false;
  ++failures_;
}

std::deque<outbox::event>::iterator outbox::find(std::uint64_t sequence) {
  return std::find_if(events_.begin(), events_.end(), [&](const event& one) { return one.sequence == sequence; });
}

}  // namespace hydrant::actors
