#include "providers/conformance/fixtures.hpp"

namespace hydrant::providers::conformance {

namespace asio = boost::asio;
using protocol::logging_level;
using protocol::text_result;
using std::chrono::milliseconds;

namespace {

constexpr double progress_total = 100;
constexpr int progress_steps = 2;
constexpr const char* logger_name = "conformance";

asio::awaitable<outcome<tool_result>> report_progress(call& c, milliseconds pause) {
  for (int step = 0; step <= progress_steps; ++step) {
    if (step > 0) co_await c.sleep(pause);
    co_await c.room();
    c.progress(progress_total * step / progress_steps, progress_total);
  }
  co_return text_result("Progress was reported three times.");
}

asio::awaitable<outcome<tool_result>> write_log(call& c, milliseconds pause) {
  c.log(logging_level::info, "Tool execution started", logger_name);
  co_await c.sleep(pause);
  c.log(logging_level::info, "Tool processing data", logger_name);
  co_await c.sleep(pause);
  c.log(logging_level::info, "Tool execution completed", logger_name);
  co_return text_result("Three log messages were written.");
}

// The result comes after the client has seen its stream end, so that it must come back for it (SEP-1699).
asio::awaitable<outcome<tool_result>> finish_without_stream(call& c, milliseconds pause) {
  c.release_stream();
  co_await c.sleep(2 * pause);
  co_return text_result("Reconnection test completed successfully: this result was sent after the stream was closed.");
}

using timed_handler = asio::awaitable<outcome<tool_result>> (*)(call&, milliseconds);

struct timed_tool {
  const char* name;
  const char* description;
  timed_handler run;
};

constexpr timed_tool timed_tools[] = {
    {"test_tool_with_progress", "Reports progress while it works.", report_progress},
    {"test_tool_with_logging", "Writes log messages while it works.", write_log},
    {"test_reconnection", "Closes the stream before the result is there.", finish_without_stream},
};

outcome<tool_result> log_once(call& c) {
  c.log(logging_level::info, "test_logging_tool was called", logger_name);
  return text_result("One log message was written, if it was wanted.");
}

}  // namespace

void add_timed_tools(catalog& to, milliseconds pause) {
  for (const auto& fixture : timed_tools) {
    to.add(tool(fixture.name)
               .describe(fixture.description)
               .read_only()
               .closed_world()
               .async([run = fixture.run, pause](call& c) { return run(c, pause); }));
  }
  to.add(tool("test_logging_tool").describe("Writes one log message.").read_only().closed_world().immediate(log_once));
}

void add_trigger_tools(catalog& to, announcer& changes) {
  to.add(tool("test_trigger_tool_change")
             .describe("Announces that the list of tools has changed.")
             .idempotent()
             .closed_world()
             .immediate([&changes](call&) -> outcome<tool_result> {
               changes.tools_changed();
               return text_result("The tools were announced to have changed.");
             }));
  to.add(tool("test_trigger_prompt_change")
             .describe("Announces that the list of prompts has changed.")
             .idempotent()
             .closed_world()
             .immediate([&changes](call&) -> outcome<tool_result> {
               changes.prompts_changed();
               return text_result("The prompts were announced to have changed.");
             }));
}

}  // namespace hydrant::providers::conformance
