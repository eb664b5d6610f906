// The ledger of calls, the other half of redis_events.

#include "store/redis/events.hpp"
#include "store/redis/timestamp.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace hydrant::store::redis {
namespace {

using base::error_kind;

const char* name_of(stream_end then) {
  switch (then) {
    case stream_end::end: return "end";
    case stream_end::end_if_last: return "end_if_last";
    case stream_end::keep_open: break;
  }
  return "keep_open";
}

base::error begin_error(const std::string& status) {
  if (status == "session_not_found") return base::fail(error_kind::session_not_found, "Session not found");
  if (status == "conflict") return base::fail(error_kind::conflict, "The request id is in use");
  if (status == "too_many_calls")
    return base::fail(error_kind::overloaded, "The session has too many pending requests");
  if (status == "too_many_streams") return base::fail(error_kind::overloaded, "The session has too many open streams");
  return unexpected(scripts().call_begin);
}

// {stream, node, boot, deadline, record, version} of a reply from item `first` on.
pending_call read_call(std::string_view session, std::string request_id, const reply& from, std::size_t first) {
  pending_call call;
  call.session = session;
  call.request_id = std::move(request_id);
  call.stream = text_at(from, first);
  call.owner = {text_at(from, first + 1), text_at(from, first + 2)};
  call.deadline = from_iso8601(text_at(from, first + 3)).value_or(base::wall_time{});
  call.record = text_at(from, first + 4);
  call.version = number_at(from, first + 5);
  return call;
}

/// The outcomes of an entry into the owner's index and of the script that it announces, which are under way together.
struct announced {
  base::result<> entered;
  base::result<reply> outcome{reply{}};
  std::function<void()> both;
  std::atomic<int> left{2};

  void arrive() {
    if (left.fetch_sub(1, std::memory_order_acq_rel) == 1) both();
  }
};

}  // namespace

void redis_events::begin(pending_call call, completion<> done) {
  const owned_entry entry{owned_.new_ticket(), call.session, call.request_id};
  const auto all = std::make_shared<announced>();
  all->both = [this, owner = call.owner, entry, of = all.get(), done = std::move(done)] {
    if (!of->outcome) return done(of->outcome.error());
    const std::string& status = status_of(*of->outcome);
    if (status == "ok") return done(of->entered);
    owned_.remove(owner, entry);
    done(begin_error(status));
  };
  owned_.enter(call.owner, entry, [all](base::result<> entered) {
    all->entered = std::move(entered);
    all->arrive();
  });
  run(call.session, scripts().call_begin,
      {call.request_id, std::to_string(limits_.calls_per_session_max), std::to_string(limits_.streams_per_session_max),
       call.stream, "node", call.owner.node, "boot", call.owner.boot, "deadline", to_iso8601(call.deadline), "record",
       std::move(call.record), "version", std::to_string(call.version), "ticket", entry.ticket},
      [all](base::result<reply> outcome) {
        all->outcome = std::move(outcome);
        all->arrive();
      });
}

void redis_events::revise(pending_call call, completion<std::uint64_t> done) {
  const owned_entry entry{owned_.new_ticket(), call.session, call.request_id};
  const auto all = std::make_shared<announced>();
  all->both = [this, owner = call.owner, entry, of = all.get(), done = std::move(done)] {
    if (!of->outcome) return done(of->outcome.error());
    const reply& answer = *of->outcome;
    const bool moved = !text_at(answer, 4).empty();
    if (!moved) owned_.remove(owner, entry);
    if (status_of(answer) != "ok")
      return done(base::fail(error_kind::conflict, "The call is not pending any more, or was revised since"));
    if (moved && !of->entered) return done(of->entered.error());
    if (moved)
      owned_.remove({text_at(answer, 2), text_at(answer, 3)}, {text_at(answer, 4), entry.session, entry.request_id});
    done(number_at(answer, 1));
  };
  owned_.enter(call.owner, entry, [all](base::result<> entered) {
    all->entered = std::move(entered);
    all->arrive();
  });
  run(call.session, scripts().call_revise,
      {call.request_id, std::to_string(call.version), call.owner.node, call.owner.boot, to_iso8601(call.deadline),
       std::move(call.record), entry.ticket},
      [all](base::result<reply> outcome) {
        all->outcome = std::move(outcome);
        all->arrive();
      });
}

void redis_events::finish(std::string_view session, std::string_view request_id, const node_ref& owner,
                          std::string response, stream_end then, completion<std::optional<appended>> done) {
  run(session, scripts().call_finish,
      {std::string(request_id), owner.node, owner.boot, std::move(response), name_of(then),
       std::to_string(limits_.stream_events_max), std::to_string(limits_.stream_bytes_max),
       std::to_string(limits_.streams_per_session_max), std::to_string(limits_.finished_stream_grace.count())},
      [this, owner, session = std::string(session), request_id = std::string(request_id),
       done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        const std::string& status = status_of(*answer);
        if (status == "void") return done(std::optional<appended>{});
        if (status != "ok") return done(stream_error(scripts().call_finish, status));
        owned_.remove(owner, {text_at(*answer, 7), session, request_id});
        appended written = read_appended(*answer);
        written.ends = number_at(*answer, 6) != 0;
        done(std::optional<appended>(std::move(written)));
      });
}

void redis_events::abandon(std::string_view session, std::string_view request_id,
                           completion<std::optional<pending_call>> done) {
  run(session, scripts().call_abandon, {std::string(request_id)},
      [this, session = std::string(session), request_id = std::string(request_id),
       done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        if (answer->kind == reply::type::nil) return done(std::optional<pending_call>{});
        pending_call call = read_call(session, request_id, *answer, 0);
        owned_.remove(call.owner, {text_at(*answer, 6), session, request_id});
        done(std::optional<pending_call>(std::move(call)));
      });
}

void redis_events::pending(std::string_view session, completion<std::vector<pending_call>> done) {
  run(session, scripts().call_pending, {},
      [session = std::string(session), done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        std::vector<pending_call> calls;
        for (const reply& each : answer->items)
          calls.push_back(read_call(session, text_at(each, 0), each, 1));
        done(std::move(calls));
      });
}

}  // namespace hydrant::store::redis
