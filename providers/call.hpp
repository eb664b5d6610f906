#pragma once

// What a handler sees of the request that it serves. A handler is written so that it can be run again: it asks by key,
// and where an answer is missing it returns wait(); the runtime puts the questions to the client in whatever way the
// client's revision has, and runs the handler again, from its beginning, with the answers so far. The second run may
// happen on another node.

#include "protocol/capabilities.hpp"
#include "protocol/logging_level.hpp"
#include "protocol/question.hpp"
#include "providers/outcome.hpp"
#include "providers/parameter.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hydrant::providers {

class flow_window;

/// Everything a call is made from. Constant while a run lasts.
struct call_setup {
  std::string name;                 ///< the tool's or prompt's name, or the resource's URI
  json arguments = json::object();  ///< validated; for a template: the variables of the URI
  protocol::revision revision = protocol::revision::r2026_07_28;
  protocol::client_capabilities client;
  std::string principal;                             ///< who authenticated; empty: nobody
  std::string progress_token;                        ///< JSON text; empty: the client wants no progress
  std::optional<protocol::logging_level> log_level;  ///< the lowest level the client wants; none: no logging
  std::map<std::string, json, std::less<>> answers;  ///< by question key
  json memory;                                       ///< what the last round remembered; null at first
  std::string authorization;                         ///< secret; see call::authorization
  std::string traceparent;
};

/// Where a call's notifications go. Thread-safe: handlers run on io threads and on workers.
class call_sink {
 public:
  virtual ~call_sink() = default;
  /// One whole JSON-RPC notification. Delivered in the order of the calls.
  virtual void notify(std::string notification) = 0;
  /// Closes the open stream without ending the call; the client comes back for the rest (SEP-1699).
  virtual void release_stream() = 0;
};

/// Ties a handler to its request. Owned by the run; a handler must not keep it beyond its own return.
class call {
 public:
  call(call_setup setup, std::shared_ptr<call_sink> sink, std::shared_ptr<flow_window> window);

  const std::string& name() const { return setup_.name; }
  const json& arguments() const { return setup_.arguments; }
  const std::string& principal() const { return setup_.principal; }
  const std::string& traceparent() const { return setup_.traceparent; }
  /// The Authorization header of the client's request, where the server is set to pass it on to an upstream; else
  /// empty. Of a call that goes on at another node it is that of the answer that brought it there, if any. Secret.
  const std::string& authorization() const { return setup_.authorization; }
  /// What the client declared that it can be asked.
  const protocol::client_capabilities& client() const { return setup_.client; }

  template <parameter_type T>
  T operator[](const parameter<T>& wanted) const {
    return wanted.from(setup_.arguments);
  }

  /// Reports progress if the client asked for it. When the client reads too slowly, a blocking handler waits here;
  /// in other handlers the report is left out, unless the handler waits for room() first.
  void progress(double done, std::optional<double> total = {}, std::string_view message = {});
  /// Resumes when the client has room for another notification. In async handlers: `co_await c.room();`
  boost::asio::awaitable<void> room();
  /// Sends a log message to the client if it wants that level.
  void log(protocol::logging_level level, json data, std::string_view logger = {});
  /// Suspends an async handler; cancelling the call ends the wait by boost::system::system_error.
  boost::asio::awaitable<void> sleep(std::chrono::milliseconds duration);

  /// True once the client has withdrawn the request or its deadline has passed: stop soon, nobody reads the result.
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  /// The client's answer to the question of that key, already checked for its shape; null if there is none yet: go on
  /// asking, then return wait(). Keys are unique within a handler and the same in every run.
  const json* ask(std::string key, protocol::question question);
  /// What a handler returns when an answer is missing: a failure if the client cannot be asked, else waiting.
  template <class T>
  outcome<T> wait() const {
    if (refusal_) return *refusal_;
    return waiting{};
  }

  /// Kept for the next run of this handler: what it need not compute again. Sealed before it leaves the server.
  json& memory() { return setup_.memory; }

  /// Closes the client's stream for now; see call_sink::release_stream.
  void release_stream() { sink_->release_stream(); }

  // For the runtime.
  using question_map = std::map<std::string, protocol::question, std::less<>>;
  const question_map& open_questions() const { return questions_; }
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  call_setup setup_;
  std::shared_ptr<call_sink> sink_;
  std::shared_ptr<flow_window> window_;
  question_map questions_;
  std::optional<base::error> refusal_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace hydrant::providers
