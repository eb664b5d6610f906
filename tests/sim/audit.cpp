#include "tests/sim/audit.hpp"

#include "actors/session_services.hpp"
#include "tests/sim/tools.hpp"

#include <algorithm>

namespace hydrant::sim {

void auditor::judge(const client& whose) {
  read_logs(whose.session());
  judge_reading(whose.session() + " main", whose.main_stream(), true);
  for (const auto& one : whose.requests())
    judge_request(whose, *one);
  for (const auto& still : whose.superseded_but_open())
    at_.violated("nobody closed " + still);
  log_.pending(whose.session(), [&](const base::result<std::vector<store::pending_call>>& calls) {
    for (const auto& call : *calls)
      at_.violated("still pending: " + call.session + " " + call.request_id + " of " + call.owner.node + "/" +
                   call.owner.boot);
  });
}

void auditor::read_logs(const std::string& session) {
  logs_.clear();
  responses_.clear();
  for (const auto& stream : sees_.streams(session))
    log_.read({session, stream}, {}, {1'000'000, 1'000'000'000}, [&](base::result<store::replay> read) {
      if (read) logs_[stream] = std::move(*read);
    });
  for (const auto& [stream, log] : logs_)
    for (const auto& event : log.events) {
      auto text = event.payload;
      const auto message = protocol::read_messages(text)->messages.front();
      if (message.kind == protocol::message_kind::response) ++responses_[message.id];
    }
}

void auditor::judge_reading(const std::string& what, const reader& read, bool to_the_end) {
  if (!read.begun()) return;
  events expected;
  std::ranges::copy_if(logs_[read.stream()].events, std::back_inserter(expected),
                       [&](const store::logged_event& event) { return event.id > read.from(); });
  const auto& got = read.events();
  const auto same = [](const reader::event& heard, const store::logged_event& logged) {
    return logged.id == heard.id && logged.payload == heard.data;
  };
  if (got.size() > expected.size() || (to_the_end && got.size() < expected.size()))
    at_.violated(what + " read " + std::to_string(got.size()) + " events of " + std::to_string(expected.size()));
  const auto common = std::min(got.size(), expected.size());
  if (!std::equal(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(common), expected.begin(), same))
    at_.violated(what + " read other events than its log holds");
}

void auditor::judge_request(const client& whose, const asked& one) {
  const auto name = whose.session() + " request " + one.id;
  const auto in_logs = responses_[one.id];
  if (in_logs > 1) at_.violated(name + " has two responses in the log");
  if (one.responses.size() > 1) at_.violated(name + " got two responses");
  if (starts_of_once()[whose.session() + "." + one.id] > 1) at_.violated(name + " was run twice");
  if (!one.accepted) return;
  judge_reading(name, *one.stream, !one.withdrawn);
  if (one.withdrawn) return;
  if (one.stream->begun() && !logs_[one.stream->stream()].ended) at_.violated(name + " has a stream that did not end");
  if (one.responses.size() != 1) return at_.violated(name + " got no response");
  if (one.stream->begun() && in_logs != 1) at_.violated(name + " has no response in the log");
  judge_response(name, one, whose.session());
}

void auditor::judge_response(const std::string& name, const asked& one, const std::string& session) {
  const auto& response = one.responses.front();
  const auto says = [&](const std::string& what) { return response.find(what) != std::string::npos; };
  bool right = false;
  switch (one.what) {
    case tool_kind::countdown: right = says("liftoff"); break;
    case tool_kind::once: right = says("once " + session + "." + one.id) || says("has died"); break;
    case tool_kind::confirm:
      right = says(one.answer.find("accept") != std::string::npos ? "\"yes\"" : "decline");
      break;
    case tool_kind::ask_both: right = says("both") || says("has died"); break;
    case tool_kind::echo: right = says("hello"); break;
  }
  if (!right) at_.violated(name + " got the wrong response: " + response);
  if (one.what == tool_kind::countdown) judge_steps(name, one);
}

void auditor::judge_steps(const std::string& name, const asked& one) {
  int step = 0;
  for (const auto& event : one.stream->events())
    if (event.data.find("notifications/progress") != std::string::npos &&
        event.data.find("\"progress\":" + std::to_string(++step) + ",") == std::string::npos)
      return at_.violated(name + " has another step instead of " + std::to_string(step));
  if (step != one.steps) at_.violated(name + " has " + std::to_string(step) + " of " + std::to_string(one.steps));
}

}  // namespace hydrant::sim
