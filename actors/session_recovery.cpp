// Calls that outlive their node, because it has died or goes away, and calls that outlive the store's memory of them.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"
#include "base/log.hpp"
#include "protocol/errors.hpp"

#include <algorithm>

namespace hydrant::actors {

using base::error_kind;

namespace {

constexpr std::chrono::milliseconds adoption_pause{100};
constexpr std::chrono::milliseconds settling_pause{500};

}  // namespace

// The state of a call that began on another node. Null: the catalog of this node cannot run it, and it is answered.
session::call_ref session::call_from(const store::pending_call& entry, call_record record) {
  const auto call = std::make_shared<call_state>();
  call->request_id = entry.request_id;
  call->stream = entry.stream;
  call->version = entry.version;
  call->adopted = true;
  call->entered = true;
  call->store_life = services_.log.restarts();
  call->out = writer_for(entry.stream, record.producer);
  call->record = std::move(record);
  streams_[entry.stream];  // what it is owed for what it sends
  calls_.emplace(call->request_id, call);
  const auto request = call->record.request(call->request_id);
  const auto m = protocol::find_method(request.method, revision_);
  auto prepared = m ? runtime::prepare(*m, request, services_.env.catalog, caller_now())
                    : base::result<runtime::prepared_call>(base::fail(error_kind::internal, "no such method"));
  if (!prepared || prepared->early_result) {
    fail_call(call, error_kind::internal, "the node that this call moved to cannot run it");
    return nullptr;
  }
  call->prepared = std::move(*prepared);
  call->prepared.setup.answers = call->record.answers;
  call->prepared.setup.memory = call->record.memory;
  return call;
}

// Every node that notices a death tries; the revision of the entry has one winner.
void session::adopt_call(const std::string& request_id, const store::node_ref& dead) {
  if (calls_.contains(request_id) || withdrawn_.contains(request_id)) return;
  with_record(nullptr, [this, request_id, dead] {
    services_.log.pending(
        id_, resume([this, request_id, dead](const base::result<std::vector<store::pending_call>>& calls) {
          if (!calls) return;
          const auto found = std::ranges::find_if(*calls, [&](const store::pending_call& call) {
            return call.request_id == request_id && (call.owner == dead || call.owner == services_.node);
          });
          if (found == calls->end()) return;
          if (found->owner == services_.node) return resume_adopted(*found, found->version);  // we were not told
          auto entry = *found;
          entry.owner = services_.node;
          services_.log.revise(entry, resume([this, entry, dead](const base::result<std::uint64_t>& version) {
                                 if (version) return resume_adopted(entry, *version);
                                 if (version.error().kind == error_kind::unavailable)
                                   later(adoption_pause,
                                         [id = entry.request_id, dead](session& self) { self.adopt_call(id, dead); });
                               }));
        }));
  });
}

void session::resume_adopted(store::pending_call entry, std::uint64_t version) {
  if (calls_.contains(entry.request_id) || withdrawn_.contains(entry.request_id)) return;
  entry.version = version;
  auto record = parse_call_record(entry.record);
  if (!record) base::log(base::log_level::error, "a call of a dead node cannot be read", {{"call", entry.request_id}});
  services_.env.measured.calls_adopted.Increment();
  const auto call = call_from(entry, record ? std::move(*record) : call_record{});
  if (!call) return;
  if (!call->record.questions.empty()) return put_questions(call);
  if (call->prepared.repeatable()) return run_call(call);
  fail_call(
      call, error_kind::internal,
      "the node that ran this call has died, and the tool is not marked as one that may be run twice; it may have "
      "had effects");
}

void session::hand_over_calls(movable which) {
  // A copy: what the store says at once may change the calls.
  for (const auto& [id, call] : std::map(calls_)) {
    if (!may_move(call, which)) continue;
    stop_run(call);
    call->timer.reset();
    // The next run's events follow what is in the log; nothing of this run may come after them.
    when_written(call->out, [this, weak = std::weak_ptr(call)] {
      const auto live = weak.lock();
      // The client's last answer may have come meanwhile.
      if (live && is_current(live) && !live->run && !live->response) move_away(live);
    });
  }
}

bool session::may_move(const call_ref& call, movable which) const {
  if (call->response || !call->entered) return false;
  // With its client's credentials it can only go on here.
  const bool repeats = which == movable::repeatable && call->run && call->prepared.repeatable() &&
                       call->prepared.setup.authorization.empty();
  return (call->asking || repeats) && client_can_come_back(call->stream);
}

// Without an event id a client cannot ask another node for what follows.
bool session::client_can_come_back(const std::string& stream) const {
  const auto found = streams_.find(stream);
  if (stream == main_stream || found == streams_.end() || !found->second.out) return true;
  if (found->second.awaited > 1) return false;  // a batch, of which only some could move
  return protocol::has_priming_event(revision_) || found->second.feed.confirmed() != store::position{};
}

void session::move_away(const call_ref& call) {
  forget_call(call);
  services_.env.measured.calls_handed_over.Increment();
  // If nobody is there or the offer gets lost, others find the call when this node has left.
  if (const auto other = services_.others.another(); !other.empty())
    services_.others.tell(other, offer_message{{id_, call->request_id}, services_.node});
  leave_end_to_ledger(call->stream);
  drop_if_done(call->stream);
}

void session::store_restarted() {
  look_around();
  for (const auto& [id, call] : std::map(calls_))
    // Others revise their marks just now, and find out by themselves.
    if (call->entered && !call->response && (call->run || call->asking)) settle_mark_until_known(call);
}

// The mark is gone although nobody here has heard why, and the store has restarted since it was set.
bool session::may_be_forgotten(const call_ref& call) const {
  return call->entered && call->store_life != services_.log.restarts() && ends_its_stream(call);
}

// That a mark is not there may also mean that another node has answered the call. Then the stream has ended, and no
// second response gets into it; but a stream that goes on after a response cannot tell.
bool session::ends_its_stream(const call_ref& call) const {
  return call->own_stream || (call->adopted && call->stream != main_stream && !protocol::allows_batch(revision_));
}

void session::settle_mark_later(const call_ref& call) {
  later(settling_pause, [weak = std::weak_ptr(call)](session& self) {
    const auto live = weak.lock();
    if (live && self.is_current(live) && !live->response) self.settle_mark_until_known(live);
  });
}

void session::settle_mark_until_known(const call_ref& call) {
  settle_mark(call, [this, call](ledger has) {
    if (has == ledger::unknown) settle_mark_later(call);
  });
}

/// Compares what the ledger knows of a call with what is true, and sets it right.
void session::settle_mark(const call_ref& call, std::function<void(ledger)> then) {
  const auto life = services_.log.restarts();
  const auto settle = [call, life, then = std::move(then)](ledger has) {
    if (has == ledger::has_it) call->store_life = life;
    then(has);
  };
  services_.log.pending(id_, resume([this, call, settle](const base::result<std::vector<store::pending_call>>& calls) {
                          if (!is_current(call)) return;
                          calls ? compare_mark(call, *calls, settle) : settle(ledger::unknown);
                        }));
}

void session::compare_mark(const call_ref& call, const std::vector<store::pending_call>& calls,
                           const std::function<void(ledger)>& then) {
  const auto found = std::ranges::find(calls, call->request_id, &store::pending_call::request_id);
  if (found == calls.end() && !ends_its_stream(call)) return then(ledger::lacks_it);
  if (found != calls.end() && found->version >= call->version) {
    if (found->owner != services_.node) return then(ledger::lacks_it);
    if (found->version > call->version) go_on_with_waiting(calls);  // an answer that another node has taken
    return then(ledger::has_it);
  }
  const auto settled = [this, call, then](const base::result<std::uint64_t>& version) {
    if (!is_current(call)) return version ? withdraw(call->request_id) : void();  // cancelled meanwhile
    if (version) call->version = *version;
    if (version) return then(ledger::has_it);
    const bool look_again =
        version.error().kind == error_kind::unavailable || version.error().kind == error_kind::conflict;
    then(look_again ? ledger::unknown : ledger::lacks_it);
  };
  auto mark = mark_of(call, services_.env.bounds.call_timeout);
  services_.env.measured.calls_entered_again.Increment();
  if (found != calls.end()) {
    mark.version = found->version;
    return services_.log.revise(std::move(mark), resume(settled));
  }
  services_.log.begin(std::move(mark), resume([settled, version = call->version](const base::result<>& begun) {
                        settled(begun ? base::result<std::uint64_t>(version) : begun.error());
                      }));
}

}  // namespace hydrant::actors
