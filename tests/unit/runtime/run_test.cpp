#include "runtime/run.hpp"

#include "tests/unit/runtime/calls.hpp"

#include <gmock/gmock.h>

#include <future>
#include <latch>
#include <mutex>
#include <optional>
#include <vector>

namespace hydrant::runtime {
namespace {

using base::error_kind;
using std::chrono::hours;
using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr int an_hour_ms = 3'600'000;

class kept_notifications final : public providers::call_sink {
 public:
  void notify(std::string notification) override {
    const std::lock_guard lock(mutex_);
    sent_.push_back(std::move(notification));
  }
  void release_stream() override {}
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return sent_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> sent_;
};

class running : public runtime_test {
 protected:
  prepared_call prepared(const std::string& tool, json arguments = json::object()) {
    return prepare(method::tools_call, tool_call(tool, std::move(arguments)), e_.catalog, modern()).value();
  }
  void start(const std::string& tool, json arguments = json::object(), milliseconds timeout = hours(1)) {
    run_ = std::make_shared<run>(prepared(tool, std::move(arguments)), sink_, e_.io.at(0), e_.workers);
    run_->start(timeout, [this](run_end end) {
      ++ends_;
      ended_on_ = std::this_thread::get_id();
      end_ = std::move(end);
    });
  }
  /// Starts a tool and waits for its end.
  run_end end_of(const std::string& tool, json arguments = json::object(), milliseconds timeout = hours(1)) {
    start(tool, std::move(arguments), timeout);
    EXPECT_TRUE(e_.run_until([this] { return ends_ > 0; }));
    return end_.value_or(run_end(base::fail(error_kind::internal, "no end")));
  }
  static json result(const run_end& end) { return json::parse(std::get<run_value>(end).result); }
  static std::string text(const run_end& end) { return result(end)["content"][0]["text"]; }
  static base::error failure(const run_end& end) { return std::get<base::error>(end); }
  bool handler_is_gone() {
    return e_.run_until([this] { return seen_.ended == 1; });
  }
  /// Blocks every worker and fills their queue until the promise is kept.
  void occupy_workers(std::promise<void>& release, int queued) {
    const auto released = release.get_future().share();
    std::latch begun(2);
    for (int i = 0; i < 2; ++i)
      ASSERT_TRUE(e_.workers.submit([&begun, released] {
        begun.count_down();
        released.wait();
      }));
    begun.wait();
    for (int i = 0; i < queued; ++i)
      ASSERT_TRUE(e_.workers.submit([] {}));
  }

  std::shared_ptr<kept_notifications> sink_ = std::make_shared<kept_notifications>();
  std::shared_ptr<run> run_;
  std::optional<run_end> end_;
  int ends_ = 0;
  std::thread::id ended_on_;
};

TEST_F(running, an_immediate_handler_comes_to_its_end_at_once) {
  EXPECT_EQ(text(run_now(prepared("echo", {{"message", "hi"}}), sink_)), "hi");
  EXPECT_EQ(text(end_of("echo", {{"message", "hi"}})), "hi");
}

TEST_F(running, an_immediate_handler_sends_no_more_than_a_window) {
  run_now(prepared("send_now", {{"reports", 1000}}), sink_);
  EXPECT_EQ(sink_->count(), 256U);
}

TEST_F(running, begins_on_its_io_thread) {
  start("send");
  EXPECT_EQ(seen_.runs, 0);
  e_.poll();
  EXPECT_EQ(seen_.runs, 1);
  EXPECT_EQ(ends_, 1);
}

TEST_F(running, an_async_handler_reports_and_ends) {
  EXPECT_EQ(text(end_of("send", {{"reports", 3}})), "sent 3");
  EXPECT_EQ(sink_->count(), 3U);
  EXPECT_EQ(seen_.ended, 1);
}

TEST_F(running, an_async_handler_waits_for_its_client) {
  start("send", {{"reports", 300}});
  e_.poll();
  EXPECT_EQ(sink_->count(), 256U);
  run_->window().leave(10);
  e_.poll();
  EXPECT_EQ(sink_->count(), 266U);
  EXPECT_EQ(ends_, 0);
  run_->window().leave(100);
  e_.poll();
  EXPECT_EQ(sink_->count(), 300U);
  EXPECT_EQ(ends_, 1);
}

TEST_F(running, a_blocking_handler_runs_elsewhere_and_ends_on_the_io_thread) {
  EXPECT_EQ(text(end_of("send_blocking", {{"reports", 3}})), "sent");
  EXPECT_EQ(sink_->count(), 3U);
  EXPECT_TRUE(ended_on_ == std::this_thread::get_id());
}

TEST_F(running, a_blocking_handler_waits_for_its_client) {
  start("send_blocking", {{"reports", 300}});
  ASSERT_TRUE(e_.run_until([this] { return sink_->count() == 256; }));
  EXPECT_EQ(seen_.ended, 0);
  run_->window().leave(256);
  ASSERT_TRUE(e_.run_until([this] { return ends_ == 1; }));
  EXPECT_EQ(sink_->count(), 300U);
}

TEST_F(running, a_blocking_call_that_finds_no_place_is_refused) {
  std::promise<void> release;
  occupy_workers(release, 2);
  EXPECT_EQ(failure(end_of("work")).kind, error_kind::overloaded);
  release.set_value();
  EXPECT_EQ(seen_.runs, 0);
}

TEST_F(running, an_async_handler_is_stopped_at_its_deadline) {
  EXPECT_EQ(failure(end_of("send", {{"wait_ms", an_hour_ms}}, milliseconds(0))).kind, error_kind::timeout);
  EXPECT_TRUE(handler_is_gone());
  e_.poll();
  EXPECT_EQ(ends_, 1);
}

TEST_F(running, a_blocking_handler_is_told_of_its_deadline_and_its_late_result_is_dropped) {
  start("work", json::object(), milliseconds(0));
  e_.io.at(0).poll_one();  // begins the run, and leaves the deadline for later
  while (seen_.runs == 0)
    std::this_thread::yield();
  ASSERT_TRUE(e_.run_until([this] { return ends_ == 1; }));
  EXPECT_EQ(failure(*end_).kind, error_kind::timeout);
  EXPECT_TRUE(handler_is_gone());
  EXPECT_TRUE(e_.run_until([this] { return e_.workers.waiting_or_running() == 0; }));
  e_.poll();
  EXPECT_EQ(ends_, 1);
}

TEST_F(running, a_cancelled_async_handler_goes_and_nobody_hears_of_it) {
  start("send", {{"wait_ms", an_hour_ms}});
  e_.poll();
  ASSERT_EQ(seen_.runs, 1);
  run_->cancel();
  EXPECT_TRUE(handler_is_gone());
  e_.poll();
  EXPECT_EQ(ends_, 0);
}

TEST_F(running, a_handler_that_waits_for_its_client_can_be_cancelled) {
  start("send", {{"reports", 300}, {"wait_ms", an_hour_ms}});
  e_.poll();
  run_->cancel();
  EXPECT_TRUE(handler_is_gone());
  EXPECT_EQ(sink_->count(), 256U);
  EXPECT_EQ(ends_, 0);
}

TEST_F(running, a_cancelled_blocking_handler_is_told) {
  start("work");
  ASSERT_TRUE(e_.run_until([this] { return seen_.runs == 1; }));
  run_->cancel();
  EXPECT_TRUE(handler_is_gone());
  EXPECT_TRUE(seen_.saw_cancel);
  EXPECT_TRUE(e_.run_until([this] { return e_.workers.waiting_or_running() == 0; }));
  e_.poll();
  EXPECT_EQ(ends_, 0);
}

TEST_F(running, a_blocking_handler_that_waits_for_its_client_can_be_cancelled) {
  start("send_blocking", {{"reports", 300}});
  ASSERT_TRUE(e_.run_until([this] { return sink_->count() == 256; }));
  run_->cancel();
  EXPECT_TRUE(handler_is_gone());
  EXPECT_LE(sink_->count(), 257U);  // the one that it waited with may still come
}

TEST_F(running, what_is_cancelled_before_its_turn_never_runs) {
  std::promise<void> release;
  occupy_workers(release, 0);
  start("work");
  e_.poll();
  run_->cancel();
  e_.poll();
  release.set_value();
  EXPECT_TRUE(e_.run_until([this] { return e_.workers.waiting_or_running() == 0; }));
  e_.poll();
  EXPECT_EQ(seen_.runs, 0);
  EXPECT_EQ(ends_, 0);
}

TEST_F(running, nothing_keeps_a_run_that_is_over) {
  end_of("send", {{"reports", 2}});
  const std::weak_ptr<run> left = std::exchange(run_, nullptr);
  e_.poll();
  EXPECT_TRUE(left.expired());
}

TEST_F(running, nothing_keeps_a_run_that_was_cancelled) {
  start("send", {{"wait_ms", an_hour_ms}});
  e_.poll();
  run_->cancel();
  const std::weak_ptr<run> left = std::exchange(run_, nullptr);
  EXPECT_TRUE(handler_is_gone());
  e_.poll();
  EXPECT_TRUE(left.expired());
}

TEST_F(running, a_handler_that_throws_fails_without_telling_why) {
  for (const char* tool : {"throw_now", "throw_odd", "throw_async", "throw_blocking"}) {
    ends_ = 0;
    const auto failed = failure(end_of(tool));
    EXPECT_EQ(failed.kind, error_kind::internal) << tool;
    EXPECT_THAT(failed.message, HasSubstr(tool));
    EXPECT_EQ(failed.message.find("secret"), std::string::npos) << tool;
    EXPECT_EQ(ends_, 1) << tool;
  }
  EXPECT_EQ(failure(run_now(prepared("throw_now"), sink_)).detail, "secret");
}

TEST_F(running, a_failure_that_a_handler_returns_is_passed_on) {
  const auto failed = failure(end_of("fail"));
  EXPECT_EQ(failed.kind, error_kind::unavailable);
  EXPECT_EQ(failed.message, "the backend is away");
  EXPECT_EQ(failed.detail, "10.0.0.1 refused");
}

TEST_F(running, a_structured_result_keeps_its_schema) {
  EXPECT_EQ(result(end_of("structured", {{"value", {{"n", 1}}}}))["structuredContent"], json({{"n", 1}}));
}

TEST_F(running, a_result_that_breaks_its_schema_is_our_failure) {
  for (const auto& value : {json({{"n", "one"}}), json::object(), json::array(), json(nullptr)}) {
    ends_ = 0;
    EXPECT_EQ(failure(end_of("structured", {{"value", value}})).kind, error_kind::internal) << value;
  }
}

TEST_F(running, a_tool_that_reports_an_error_needs_no_structured_result) {
  EXPECT_EQ(result(end_of("structured", {{"value", "error"}}))["isError"], true);
}

TEST_F(running, a_handler_that_needs_answers_ends_with_its_questions) {
  const auto end = end_of("ask_twice");
  const auto& open = std::get<run_questions>(end);
  ASSERT_EQ(open.questions.size(), 1U);
  EXPECT_EQ(open.questions.begin()->first, "first");
  EXPECT_EQ(open.memory, 1);
}

TEST_F(running, a_handler_may_not_ask_a_client_that_cannot_be_asked) {
  auto call = prepared("ask_twice");
  call.setup.client = {};
  EXPECT_EQ(failure(run_now(call, sink_)).kind, error_kind::missing_capability);
}

TEST_F(running, reads_and_prompts_run_too) {
  const auto read =
      prepare(method::resources_read, request("resources/read", {{"uri", "demo://time/UTC"}}), e_.catalog, modern());
  EXPECT_EQ(result(run_now(*read, sink_))["contents"][0]["uri"], "demo://time/UTC");
  const auto prompt =
      prepare(method::prompts_get, request("prompts/get", {{"name", "plan_launch"}, {"arguments", {{"rocket", "R"}}}}),
              e_.catalog, modern());
  EXPECT_EQ(result(run_now(*prompt, sink_))["messages"][0]["role"], "user");
}

}  // namespace
}  // namespace hydrant::runtime
