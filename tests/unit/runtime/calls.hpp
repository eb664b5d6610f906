#pragma once

// Tools that behave as a test needs them, and requests that call them.

#include "protocol/message.hpp"
#include "providers/demo/demo_provider.hpp"
#include "runtime/prepare.hpp"
#include "tests/support/test_environment.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace hydrant::runtime {

using protocol::json;
using protocol::method;
using protocol::revision;
using providers::call;
using providers::outcome;
using providers::parameter;
using providers::tool;
using providers::tool_result;

/// What the tools below did; outlives their runs.
struct traces {
  std::atomic<int> runs{0};
  std::atomic<int> ended{0};  // handlers that have let go of everything
  std::atomic<bool> saw_cancel{false};
};

/// Counts a handler's end, however it comes.
class end_mark {
 public:
  explicit end_mark(traces& seen) : seen_(seen) { ++seen_.runs; }
  ~end_mark() { ++seen_.ended; }
  end_mark(const end_mark&) = delete;
  end_mark& operator=(const end_mark&) = delete;

 private:
  traces& seen_;
};

using tool_task = boost::asio::awaitable<outcome<tool_result>>;

inline tool_task send_then_wait(call& c, traces& seen, std::int64_t reports, std::chrono::milliseconds wait) {
  const end_mark mark(seen);
  for (std::int64_t i = 1; i <= reports; ++i) {
    co_await c.room();
    c.progress(static_cast<double>(i));
  }
  if (wait.count() > 0) co_await c.sleep(wait);
  co_return protocol::text_result("sent " + std::to_string(reports));
}

inline outcome<tool_result> work_until_cancelled(call& c, traces& seen) {
  const end_mark mark(seen);
  while (!c.cancelled())
    std::this_thread::yield();
  seen.saw_cancel = true;
  return protocol::text_result("stopped");
}

/// Asks for two things in two rounds and remembers how often it ran.
inline outcome<tool_result> ask_twice(call& c) {
  const auto rounds = c.memory().is_number() ? c.memory().get<int>() : 0;
  c.memory() = rounds + 1;
  const json properties = {{"v", {{"type", "string"}}}};
  const auto* first = c.ask("first", protocol::elicit_form("First?", properties, {"v"}));
  if (first == nullptr) return c.wait<tool_result>();
  const auto* second = c.ask("second", protocol::elicit_form("Second?", properties, {"v"}));
  if (second == nullptr) return c.wait<tool_result>();
  return protocol::text_result((*first)["content"]["v"].get<std::string>() + "+" +
                               (*second)["content"]["v"].get<std::string>() + " in " + std::to_string(rounds + 1));
}

inline void add_talking_tools(providers::catalog& to, traces& seen) {
  const auto reports = parameter<std::int64_t>("reports", "How many").or_else(0);
  const auto wait = parameter<std::int64_t>("wait_ms", "How long").or_else(0);
  to.add(tool("send").takes(reports, wait).idempotent().async([&seen, reports, wait](call& c) {
    return send_then_wait(c, seen, c[reports], std::chrono::milliseconds(c[wait]));
  }));
  to.add(tool("send_now").takes(reports).immediate([reports](call& c) -> outcome<tool_result> {
    for (std::int64_t i = 1; i <= c[reports]; ++i)
      c.progress(static_cast<double>(i));
    return protocol::text_result("sent");
  }));
  to.add(tool("send_blocking").takes(reports).blocking([&seen, reports](call& c) -> outcome<tool_result> {
    const end_mark mark(seen);
    for (std::int64_t i = 1; i <= c[reports]; ++i)
      c.progress(static_cast<double>(i));
    return protocol::text_result("sent");
  }));
  to.add(tool("work").blocking([&seen](call& c) { return work_until_cancelled(c, seen); }));
  to.add(tool("ask_twice").immediate(ask_twice));
  to.add(tool("ask_once").answers_count_once().immediate(ask_twice));
}

inline void add_failing_tools(providers::catalog& to) {
  to.add(tool("throw_now").immediate([](call&) -> outcome<tool_result> { throw std::runtime_error("secret"); }));
  to.add(tool("throw_odd").immediate([](call&) -> outcome<tool_result> { throw 5; }));
  to.add(tool("throw_async").async([](call& c) -> tool_task {
    co_await c.room();
    throw std::runtime_error("secret");
  }));
  to.add(tool("throw_blocking").blocking([](call&) -> outcome<tool_result> { throw std::runtime_error("secret"); }));
  to.add(tool("fail").immediate([](call&) -> outcome<tool_result> {
    return base::fail(base::error_kind::unavailable, "the backend is away", "10.0.0.1 refused");
  }));
  const auto value = parameter<json>("value", "The structured result");
  to.add(tool("structured")
             .takes(value)
             .output_schema({{"type", "object"}, {"properties", {{"n", {{"type", "integer"}}}}}, {"required", {"n"}}})
             .immediate([value](call& c) -> outcome<tool_result> {
               if (c[value] == "error") return protocol::error_result("no");
               if (c[value].is_null()) return protocol::text_result("nothing structured");
               return protocol::structured_result(c[value]);
             }));
}

/// An environment that offers the demo and the tools above.
class runtime_test : public testing::Test {
 protected:
  runtime_test() {
    demo_.contribute(e_.catalog, changes_);
    add_talking_tools(e_.catalog, seen_);
    add_failing_tools(e_.catalog);
  }

  traces seen_;
  support::recorded_changes changes_;
  providers::demo_provider demo_;
  support::test_environment e_;  // last: its handlers use all of the above
};

inline protocol::message request(std::string name, json params = json::object(), std::string id = "1") {
  protocol::message out;
  out.id = std::move(id);
  out.method = std::move(name);
  out.params = std::move(params);
  return out;
}

inline protocol::message tool_call(const std::string& name, json arguments = json::object()) {
  auto out = request("tools/call", {{"name", name}, {"arguments", std::move(arguments)}});
  out.meta.progress_token = R"("t")";
  return out;
}

inline caller modern() {
  return {revision::r2026_07_28,
          {.elicitation_form = true, .elicitation_url = true, .sampling = true, .roots = true},
          "",
          {}};
}
inline caller of_session(revision r) {
  return {r, {}, "", protocol::logging_level::info};
}

}  // namespace hydrant::runtime
