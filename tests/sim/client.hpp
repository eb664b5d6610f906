#pragma once

// A client: one session, the session's own stream, and some workers that call tools one after the other. It behaves as
// the specification asks of clients: it resumes broken streams with the last id that it has, sends a request anew under
// a new id if it cannot know that it was accepted, answers questions until its answer was taken.

#include "tests/sim/front.hpp"
#include "tests/sim/ground.hpp"
#include "tests/sim/reader.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hydrant::sim {

enum class tool_kind { countdown, once, confirm, ask_both, echo };

/// A request and what came of it.
struct asked {
  std::string id;  ///< JSON text
  tool_kind what{};
  int steps = 0;          ///< of a countdown
  bool accepted = false;  ///< the client has an event id, or the answer
  bool withdrawn = false;
  bool settled = false;  ///< the client waits for nothing more
  std::vector<std::string> responses;
  std::shared_ptr<reader> stream;
  std::shared_ptr<wire> connection;
  std::string answer;  ///< the client's, to the question of `confirm`
};

class client {
 public:
  client(ground& at, front& server, id_meanings& ids, std::string session, int requests);
  ~client();

  void start();
  /// Goes away: closes what it holds open.
  void leave();
  bool done() const { return working_ == 0 && answering_ == 0; }

  const std::string& session() const { return session_; }
  const std::vector<std::shared_ptr<asked>>& requests() const { return requests_; }
  const reader& main_stream() const { return *main_; }
  /// What it still waits for.
  std::vector<std::string> waits_for() const;
  /// Connections whose stream it has taken to another connection, and that nobody has closed.
  std::vector<std::string> superseded_but_open() const;

 private:
  using request = std::shared_ptr<asked>;
  using done_function = std::function<void()>;

  void work(int left);
  void call(tool_kind what, const done_function& done);
  void send_call(const request& one, const done_function& done);
  void read_response(const request& one, const protocol::message& message);
  void resume(const request& one, const done_function& done);
  void follow(const request& one, const done_function& done);
  void retry(const request& one, const done_function& done);
  void settle(const request& one, const done_function& done);
  void withdraw(const request& one, int tries);
  void take_over(const request& one, const done_function& done);
  void disturb(const request& one, const done_function& done);
  void open_main();
  void answer_question(const protocol::message& question, const std::string& answer);
  void send_answer(const std::string& body, int tries);

  /// Both end in one of the listener's functions, after a while at the latest.
  std::shared_ptr<wire> post(const std::string& what, const std::string& body, wire_listener listener);
  std::shared_ptr<wire> get(const reader& stream, wire_listener listener);
  std::shared_ptr<wire> connect(const std::string& what, wire_listener listener,
                                std::function<actors::turn(std::shared_ptr<runtime::exchange>)> turn_for);
  /// One more connection of a reader. What is heard on it counts while it is the newest.
  static wire_listener reading(const std::shared_ptr<reader>& of, wire_listener then);
  duration pause() { return at_.dice.between(100ms, 800ms); }
  void unexpected(const wire& on, int status, const std::string& body);
  tool_kind some_tool();
  std::string call_body(asked& one);

  ground& at_;
  front& server_;
  id_meanings& ids_;
  const std::string session_;
  int next_id_ = 1;
  int to_ask_;
  int working_ = 0;
  int answering_ = 0;
  bool left_ = false;
  std::vector<request> requests_;
  std::shared_ptr<reader> main_;
  std::shared_ptr<wire> main_connection_;
  std::vector<std::shared_ptr<wire>> superseded_;
};

}  // namespace hydrant::sim
