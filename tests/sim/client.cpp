#include "tests/sim/client.hpp"

#include "actors/session.hpp"

#include <utility>

namespace hydrant::sim {
namespace {

constexpr duration patience = 5s;  // for the head of a response
constexpr int workers = 2;

actors::turn turn_of_post(std::string body, std::shared_ptr<runtime::exchange> http) {
  auto batch = protocol::read_messages(body);
  auto request =
      std::make_shared<actors::session_post>(actors::session_post{std::move(batch.value()), std::move(http)});
  return {actors::turn_kind::request, [request](actors::session& self) { self.post(request); }};
}

actors::turn turn_of_get(const std::string& last_event_id, std::shared_ptr<runtime::exchange> http) {
  return {actors::turn_kind::request,
          [last_event_id, http](actors::session& self) { self.open_stream(last_event_id, http); }};
}

}  // namespace

client::client(ground& at, front& server, id_meanings& ids, std::string session, int requests)
    : at_(at), server_(server), ids_(ids), session_(std::move(session)), to_ask_(requests) {
  main_ = std::make_shared<reader>(at_, ids_, session_, [](const protocol::message&) {});
}

// A request and its connection know each other.
client::~client() {
  for (const auto& one : requests_)
    one->connection.reset();
}

void client::start() {
  open_main();
  working_ = workers;
  for (int i = 0; i < workers; ++i)
    work(to_ask_ / workers);
}

void client::work(int left) {
  if (left == 0) {
    --working_;
    return;
  }
  at_.after(at_.dice.between(1ms, 1500ms), [this, left] { call(some_tool(), [this, left] { work(left - 1); }); });
}

void client::leave() {
  left_ = true;
  if (main_connection_) main_connection_->cut();
  for (const auto& one : requests_)
    if (one->connection) one->connection->cut();
}

std::vector<std::string> client::waits_for() const {
  std::vector<std::string> out;
  for (const auto& one : requests_)
    if (!one->settled)
      out.push_back(session_ + " request " + one->id + " on " + one->connection->name() +
                    (one->connection->open() ? " (open)" : " (closed)"));
  if (answering_ > 0) out.push_back(session_ + " " + std::to_string(answering_) + " answers");
  return out;
}

std::vector<std::string> client::superseded_but_open() const {
  std::vector<std::string> out;
  for (const auto& one : superseded_)
    if (one->open() && one->server()->alive()) out.push_back(one->name());
  return out;
}

// Requests.

void client::call(tool_kind what, const done_function& done) {
  const auto one = std::make_shared<asked>();
  one->id = std::to_string(next_id_++);
  one->what = what;
  requests_.push_back(one);
  one->stream = std::make_shared<reader>(
      at_, ids_, session_,
      [this, weak = std::weak_ptr(one)](const protocol::message& message) { read_response(weak.lock(), message); });
  send_call(one, done);
}

void client::send_call(const request& one, const done_function& done) {
  wire_listener listener;
  listener.answered = [this, one, done](int status, const std::string& body) {
    if (status != 200 && status != 503) unexpected(*one->connection, status, body);
    if (status != 200) return retry(one, done);
    auto text = body;
    one->accepted = true;
    read_response(one, protocol::read_messages(text)->messages.front());
    settle(one, done);
  };
  listener.ended = listener.broken = [this, one, done] { one->stream->begun() ? resume(one, done) : retry(one, done); };
  listener.opened = [this, one, done] { disturb(one, done); };
  one->connection = post("call " + one->id, call_body(*one), reading(one->stream, std::move(listener)));
}

void client::read_response(const request& one, const protocol::message& message) {
  one->accepted = true;
  if (message.kind == protocol::message_kind::request) return answer_question(message, one->answer);
  if (message.kind == protocol::message_kind::response)
    one->responses.push_back(message.error.is_object() ? protocol::to_text(message.error)
                                                       : protocol::to_text(message.result));
}

// The stream ended or broke. A withdrawn request may have no response; then its stream merely ends.
void client::follow(const request& one, const done_function& done) {
  if (!one->responses.empty()) return settle(one, done);
  at_.after(pause(), [this, one, done] {
    if (!one->settled) resume(one, done);
  });
}

void client::resume(const request& one, const done_function& done) {
  one->accepted = true;
  if (!one->responses.empty()) return settle(one, done);
  wire_listener listener;
  listener.answered = [this, one, done](int status, const std::string& body) {
    if (status != 503) unexpected(*one->connection, status, body);
    follow(one, done);
  };
  listener.ended = [this, one, done] { one->withdrawn ? settle(one, done) : follow(one, done); };
  listener.broken = [this, one, done] { follow(one, done); };
  listener.opened = [this, one, done] { disturb(one, done); };
  one->connection = get(*one->stream, reading(one->stream, std::move(listener)));
}

void client::retry(const request& one, const done_function& done) {
  one->settled = true;
  at_.after(pause(), [this, what = one->what, done] { call(what, done); });
}

void client::settle(const request& one, const done_function& done) {
  if (std::exchange(one->settled, true)) return;
  done();
}

// What clients and the ways to them do while a response is on its way.
void client::disturb(const request& one, const done_function& done) {
  if (at_.unlucky(at_.sky.connection_cut))
    at_.after(at_.dice.between(1ms, 2s), [this, one, done, on = one->connection] {
      if (one->settled || one->connection != on || !on->open()) return;
      on->cut();
      one->stream->begun() ? follow(one, done) : retry(one, done);
    });
  if (at_.unlucky(at_.sky.connection_cut / 2))
    at_.after(at_.dice.between(1ms, 2s), [this, one, done, on = one->connection] {
      if (!one->settled && one->connection == on && on->open() && one->stream->begun()) take_over(one, done);
    });
  if (at_.unlucky(0.15) && !one->withdrawn) at_.after(at_.dice.between(1ms, 2s), [this, one] { withdraw(one, 0); });
}

// A newer connection for the same stream, while the older one is open.
void client::take_over(const request& one, const done_function& done) {
  superseded_.push_back(one->connection);
  resume(one, done);
}

void client::withdraw(const request& one, int tries) {
  if (one->settled || !one->accepted || tries == 5) return;
  one->withdrawn = true;
  const auto again = [this, one, tries] { at_.after(pause(), [this, one, tries] { withdraw(one, tries + 1); }); };
  wire_listener listener;
  listener.answered = [again](int status, const std::string&) {
    if (status != 202) again();
  };
  listener.broken = again;
  post("cancel " + one->id,
       R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + one->id + "}}",
       std::move(listener));
}

// The session's own stream.

void client::open_main() {
  if (left_) return;
  const auto again = [this] { at_.after(pause(), [this] { open_main(); }); };
  wire_listener listener;
  listener.answered = [this, again](int status, const std::string& body) {
    if (status != 503) unexpected(*main_connection_, status, body);
    again();
  };
  listener.ended = listener.broken = again;
  listener.opened = [this, again] {
    if (!at_.unlucky(at_.sky.connection_cut)) return;
    at_.after(at_.dice.between(100ms, 5s), [this, again, on = main_connection_] {
      if (main_connection_ != on || !on->open()) return;
      // Sometimes it comes back before the older connection is seen to be gone.
      at_.dice.happens(0.3) ? superseded_.push_back(on) : on->cut();
      again();
    });
  };
  main_connection_ = get(*main_, reading(main_, std::move(listener)));
}

// Questions.

void client::answer_question(const protocol::message& question, const std::string& answer) {
  const auto result = question.method == "roots/list" ? R"({"roots":[]})" : answer;
  const auto body = R"({"jsonrpc":"2.0","id":)" + question.id + R"(,"result":)" + result + "}";
  const int copies = at_.unlucky(0.3) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    ++answering_;
    at_.after(at_.dice.between(1ms, 1s), [this, body] { send_answer(body, 0); });
  }
}

void client::send_answer(const std::string& body, int tries) {
  const auto again = [this, body, tries] { at_.after(pause(), [this, body, tries] { send_answer(body, tries + 1); }); };
  wire_listener listener;
  listener.answered = [this, again](int status, const std::string& text) {
    if (status == 503) return again();
    if (status != 202) at_.violated("an answer was answered " + std::to_string(status) + " " + text);
    --answering_;
  };
  listener.broken = again;
  post("answer", body, std::move(listener));
}

// Connections.

std::shared_ptr<wire> client::post(const std::string& what, const std::string& body, wire_listener listener) {
  return connect(what, std::move(listener),
                 [body](std::shared_ptr<runtime::exchange> http) { return turn_of_post(body, std::move(http)); });
}

std::shared_ptr<wire> client::get(const reader& stream, wire_listener listener) {
  const auto cursor = stream.last_event_id();
  return connect("get " + cursor, std::move(listener),
                 [cursor](std::shared_ptr<runtime::exchange> http) { return turn_of_get(cursor, std::move(http)); });
}

std::shared_ptr<wire> client::connect(const std::string& what, wire_listener listener,
                                      std::function<actors::turn(std::shared_ptr<runtime::exchange>)> turn_for) {
  auto to = server_.connect(session_ + " " + what);
  at_.lines.line({to->name()});
  const auto head = std::make_shared<bool>(false);
  const auto broken = listener.broken;
  listener.answered = [head, then = listener.answered](int status, const std::string& body) {
    *head = true;
    then(status, body);
  };
  listener.opened = [head, then = listener.opened] {
    *head = true;
    if (then) then();
  };
  to->send(std::move(listener),
           [session = session_, to = to->server(), turn_for](std::shared_ptr<runtime::exchange> http) {
             to->send(session, turn_for(std::move(http)));
           });
  at_.after(patience, [to, head, broken] {
    if (*head || !to->open()) return;
    to->cut();
    broken();
  });
  return to;
}

wire_listener client::reading(const std::shared_ptr<reader>& of, wire_listener then) {
  const auto connection = reader::connect(of);
  const auto if_newest = [connection](const std::function<void()>& what) {
    return [connection, what] {
      if (connection->newest()) what();
    };
  };
  then.arrived = [connection](const std::string& bytes) { connection->take(bytes); };
  then.opened = if_newest(then.opened);
  then.ended = if_newest(then.ended);
  then.broken = if_newest(then.broken);
  return then;
}

void client::unexpected(const wire& on, int status, const std::string& body) {
  at_.violated(on.name() + " was answered " + std::to_string(status) + " " + body);
}

tool_kind client::some_tool() {
  constexpr tool_kind all[] = {tool_kind::countdown, tool_kind::countdown, tool_kind::once, tool_kind::confirm,
                               tool_kind::confirm,   tool_kind::ask_both,  tool_kind::echo};
  return all[at_.dice.below(std::size(all))];
}

std::string client::call_body(asked& one) {
  std::string tool;
  std::string arguments;
  switch (one.what) {
    case tool_kind::countdown:
      one.steps = static_cast<int>(at_.dice.between(1, 12));
      tool = "countdown";
      arguments =
          R"("from":)" + std::to_string(one.steps) + R"(,"interval_ms":)" + std::to_string(at_.dice.between(0, 300));
      break;
    case tool_kind::once:
      tool = "once";
      arguments =
          R"("token":")" + session_ + "." + one.id + R"(","wait_ms":)" + std::to_string(at_.dice.between(0, 2000));
      break;
    case tool_kind::confirm:
      tool = "confirm";
      arguments = R"("question":"Go?")";
      one.answer =
          at_.dice.happens(0.5) ? R"({"action":"accept","content":{"confirmed":true}})" : R"({"action":"decline"})";
      break;
    case tool_kind::ask_both: tool = "ask_both"; break;
    case tool_kind::echo:
      tool = "echo";
      arguments = R"("message":"hello")";
      break;
  }
  return R"({"jsonrpc":"2.0","id":)" + one.id + R"(,"method":"tools/call","params":{"name":")" + tool +
         R"(","arguments":{)" + arguments + R"(},"_meta":{"progressToken":)" + one.id + "}}}";
}

}  // namespace hydrant::sim
