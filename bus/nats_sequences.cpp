#include "bus/nats_sequences.hpp"

#include <algorithm>
#include <iterator>

namespace hydrant::bus {

sent_sequences::place sent_sequences::next(std::string_view subject) {
  auto run = runs_.find(subject);
  if (run == runs_.end()) {
    if (runs_.size() == subjects_max) end_quietest();
    run = runs_.emplace(subject, run_state{.last = {.run = ++runs_begun_, .number = 0}}).first;
  }
  run->second.heartbeats = 0;
  ++run->second.last.number;
  return run->second.last;
}

std::vector<sent_sequences::heartbeat> sent_sequences::due() {
  std::vector<heartbeat> beats;
  beats.reserve(runs_.size());
  for (auto run = runs_.begin(); run != runs_.end();) {
    beats.push_back({run->first, run->second.last});
    run = ++run->second.heartbeats == heartbeats_after_last ? runs_.erase(run) : std::next(run);
  }
  return beats;
}

void sent_sequences::end_quietest() {
  runs_.erase(std::max_element(runs_.begin(), runs_.end(),
                               [](const auto& a, const auto& b) { return a.second.heartbeats < b.second.heartbeats; }));
}

received_sequences::arrival received_sequences::note(const nats_envelope& envelope) {
  const auto sender = senders_.find(envelope.sender);
  if (sender == senders_.end()) return note_newcomer(envelope);
  sender_state& state = sender->second;
  state.silent = 0;
  if (envelope.kind == nats_kind::heartbeat) {
    // A lower number contradicts what was received: somebody forged one. The sender itself is right.
    const bool as_expected = envelope.number == state.last;
    state.last = envelope.number;
    return as_expected ? arrival::next : arrival::after_gap;
  }
  if (envelope.number <= state.last) return arrival::again;
  const bool in_order = envelope.number == state.last + 1;
  state.last = envelope.number;
  return in_order ? arrival::next : arrival::after_gap;
}

received_sequences::arrival received_sequences::note_newcomer(const nats_envelope& envelope) {
  if (senders_.size() == senders_max) return arrival::next;
  senders_.emplace(envelope.sender, sender_state{.last = envelope.number});
  const bool from_the_start = envelope.kind == nats_kind::message && envelope.number == 1;
  return from_the_start ? arrival::next : arrival::after_gap;
}

void received_sequences::second_passed() {
  for (auto sender = senders_.begin(); sender != senders_.end();)
    sender = ++sender->second.silent > silent_seconds ? senders_.erase(sender) : std::next(sender);
}

}  // namespace hydrant::bus
