// What handlers ask of the client. Questions and answers live in the ledger of calls: the node that gets the last
// answer goes on with the call, whichever node asked.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"
#include "base/log.hpp"
#include "protocol/errors.hpp"

#include <algorithm>

namespace hydrant::actors {

using base::error_kind;
using protocol::json;

namespace {

constexpr int store_tries_max = 16;
constexpr std::chrono::milliseconds store_pause{100};
constexpr int rounds_max = 16;  // of questions in one call: a handler that asks for ever is a defect
constexpr std::string_view question_prefix = "ask-";

/// How the ids of a call's questions begin, as JSON text.
std::string question_ids(const call_record& of) {
  return '"' + std::string(question_prefix) + of.producer.id + '.';
}

// The same when the call is run again: of two nodes that both take it for theirs, whose question the client sees does
// not matter.
std::string question_id(const call_record& of, std::size_t number) {
  return question_ids(of) + std::to_string(of.rounds) + '.' + std::to_string(number) + '"';
}

bool is_question_id(std::string_view id) {
  return id.starts_with('"') && id.substr(1).starts_with(question_prefix);
}

std::string refusal_of(const json& error) {
  const auto why = error.value("message", json());
  return "the client refused to answer: " + (why.is_string() ? why.get<std::string>() : "no reason given");
}

}  // namespace

// The questions are in the ledger before the client sees them, and after all that the handler has sent before.
void session::ask(const call_ref& call, const runtime::run_questions& open) {
  if (++call->record.rounds > rounds_max)
    return fail_call(call, error_kind::internal, "the handler asked too many times");
  call->record.memory = call->prepared.setup.memory = open.memory;
  for (const auto& [key, question] : open.questions) {
    call->record.questions.push_back({question_id(call->record, call->record.questions.size()), key,
                                      std::string(question.method()), question.params});
    call->record.answers.erase(key);  // it was asked before, and the answer would not do
  }
  call->tries = 0;
  when_written(call->out, [this, weak = std::weak_ptr(call)] {
    if (const auto live = weak.lock(); live && is_current(live)) keep_questions(live);
  });
}

void session::keep_questions(const call_ref& call) {
  call->record.producer = call->out->out.producer();
  services_.log.revise(mark_of(call, services_.env.bounds.ask_timeout),
                       resume([this, call](const base::result<std::uint64_t>& version) {
                         if (is_current(call) && !call->response) questions_kept(call, version);
                       }));
}

void session::questions_kept(const call_ref& call, const base::result<std::uint64_t>& version) {
  if (!version && version.error().kind == error_kind::unavailable) return keep_questions_later(call);
  const bool conflict = !version && version.error().kind == error_kind::conflict;
  if (conflict && call->store_life != services_.log.restarts())
    return settle_mark(call, [this, call](ledger has) {
      if (has == ledger::has_it) return keep_questions(call);
      if (has == ledger::unknown) return keep_questions_later(call);
      fail_call(call, error_kind::internal, "the store has lost what the call asks");
    });
  // Nobody else revises a call that runs here: an earlier try took effect, and we were not told.
  const bool was_kept = conflict && call->tries > 0;
  if (!version && !was_kept) return fail_call(call, error_kind::internal, "what the call asks could not be kept");
  call->version = version ? *version : call->version + 1;
  call->tries = 0;
  put_questions(call);
}

void session::keep_questions_later(const call_ref& call) {
  ++call->tries;
  call->timer = std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), store_pause);
  call->timer->async_wait([post = post_, weak = std::weak_ptr(call)](boost::system::error_code stopped) {
    if (stopped) return;
    post({turn_kind::housekeeping, [weak](session& self) {
            if (const auto live = weak.lock(); live && self.is_current(live)) self.keep_questions(live);
          }});
  });
}

void session::put_questions(const call_ref& call) {
  call->asking = true;
  for (const auto& question : call->record.questions)
    emit(call, protocol::server_request(question.id, question.method, protocol::to_text(question.params)));
  services_.env.measured.questions_asked.Increment(static_cast<double>(call->record.questions.size()));
  arm_ask_timer(call);
}

void session::arm_ask_timer(const call_ref& call) {
  call->timer =
      std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), services_.env.bounds.ask_timeout);
  call->timer->async_wait(
      [post = post_, weak = std::weak_ptr(call), round = call->record.rounds](boost::system::error_code stopped) {
        if (stopped) return;
        post({turn_kind::housekeeping, [weak, round](session& self) {
                const auto live = weak.lock();
                if (!live || live->record.rounds != round || live->run) return;
                self.fail_call(live, error_kind::timeout, "the client did not answer in time");
              }});
      });
}

// Late answers and those to questions of nobody are dropped: responses are never answered.
void session::handle_answer(const protocol::message& response, answer_done done, int tries) {
  if (!is_question_id(response.id)) return done(true);
  if (tries == store_tries_max) return done(false);
  services_.log.pending(id_, resume([=, this](const base::result<std::vector<store::pending_call>>& calls) {
                          if (!calls) return take_answer_later(response, done, tries + 1);
                          find_question(*calls, response, done, tries);
                        }));
}

void session::take_answer_later(const protocol::message& response, answer_done done, int tries) {
  later(store_pause, [=](session& self) { self.handle_answer(response, done, tries); });
}

void session::find_question(const std::vector<store::pending_call>& calls, const protocol::message& response,
                            answer_done done, int tries) {
  for (const auto& entry : calls) {
    auto record = parse_call_record(entry.record);
    if (record && std::ranges::count(record->questions, response.id, &open_question::id) > 0)
      return take_answer(entry, std::move(*record), response, std::move(done), tries);
  }
  go_on_with_waiting(calls);
  if (tries > 0) go_on_with_ours(calls, response);
  done(true);
}

// An answer may have been kept without our being told. An entry that is as old as what we have says nothing: its
// questions are on their way into the ledger.
void session::go_on_with_waiting(const std::vector<store::pending_call>& calls) {
  for (const auto& entry : calls) {
    const auto local = calls_.find(entry.request_id);
    if (entry.owner != services_.node || local == calls_.end()) continue;
    if (local->second->record.questions.empty() || entry.version <= local->second->version) continue;
    if (auto record = parse_call_record(entry.record); record && record->questions.empty())
      go_on_here(entry, std::move(*record));
  }
}

// An earlier try may have made this node the owner of an answered call without our being told.
void session::go_on_with_ours(const std::vector<store::pending_call>& calls, const protocol::message& answer) {
  for (const auto& entry : calls) {
    if (entry.owner != services_.node || calls_.contains(entry.request_id)) continue;
    if (drained_ || withdrawn_.contains(entry.request_id)) continue;  // on its way elsewhere, or out
    if (auto record = parse_call_record(entry.record); record && record->questions.empty() && record->rounds > 0) {
      const bool answered = answer.id.starts_with(question_ids(*record));
      go_on_here(entry, std::move(*record), answered ? answer.authorization : std::string());
    }
  }
}

// Of several nodes that get answers of one round at once, each adds its own by compare-and-set, and the one that adds
// the last one goes on with the call.
void session::take_answer(store::pending_call asking, call_record record, const protocol::message& response,
                          answer_done done, int tries) {
  if (response.error.is_object()) {
    give_up_there(std::move(asking), refusal_of(response.error));
    return done(true);
  }
  const auto question = std::ranges::find(record.questions, response.id, &open_question::id);
  if (record.answers.contains(question->key)) return done(true);  // the first answer counts
  record.answers.emplace(question->key, response.result);
  const auto before = asking.owner;
  if (record.answer_is_complete()) {
    record.close_round();
    asking.owner = services_.node;
  }
  asking.record = to_text(record);
  services_.log.revise(asking, resume([=, this](const base::result<std::uint64_t>& version) {
                         if (!version && version.error().kind == error_kind::conflict)
                           return handle_answer(response, done, tries + 1);
                         if (!version) return take_answer_later(response, done, tries + 1);
                         answer_taken(asking, *version, before, record, response.authorization);
                         done(true);
                       }));
}

void session::answer_taken(store::pending_call entry, std::uint64_t version, const store::node_ref& asked_by,
                           call_record record, const std::string& authorization) {
  entry.version = version;
  if (const auto local = calls_.find(entry.request_id); local != calls_.end()) {
    local->second->version = version;
    if (!record.questions.empty()) local->second->record = record;
  }
  if (!record.questions.empty()) return;  // others are still open
  if (asked_by != services_.node) services_.others.tell(asked_by.node, moved_message{{id_, entry.request_id}});
  go_on_here(entry, std::move(record), authorization);
}

// Credentials are never stored: a call that comes from another node has those of the answer that brought it here.
void session::go_on_here(const store::pending_call& entry, call_record record, const std::string& authorization) {
  const auto local = calls_.find(entry.request_id);
  if (local == calls_.end()) {
    const auto call = call_from(entry, std::move(record));
    if (!call) return;
    call->prepared.setup.authorization = authorization;
    return run_call(call);
  }
  const auto& call = local->second;
  if (call->run || call->response) return;
  call->version = entry.version;
  call->record = std::move(record);
  call->prepared.setup.answers = call->record.answers;
  if (!authorization.empty()) call->prepared.setup.authorization = authorization;
  call->timer.reset();
  run_call(call_ref(call));
}

void session::give_up_there(store::pending_call entry, const std::string& why) {
  if (const auto local = calls_.find(entry.request_id); local != calls_.end())
    return fail_call(call_ref(local->second), error_kind::invalid_request, why);
  const auto before = entry.owner;
  entry.owner = services_.node;
  services_.log.revise(entry, resume([this, entry, before, why](const base::result<std::uint64_t>& version) {
                         if (!version) return;
                         auto record = parse_call_record(entry.record);
                         if (!record) return;
                         services_.others.tell(before.node, moved_message{{id_, entry.request_id}});
                         if (const auto call = call_from(entry, std::move(*record)))
                           fail_call(call, error_kind::invalid_request, why);
                       }));
}

}  // namespace hydrant::actors
