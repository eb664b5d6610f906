#include "providers/opensearch/aws/credentials.hpp"
#include "tests/unit/providers/fake_sender.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {
namespace {

namespace asio = boost::asio;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

std::string utc_text(base::wall_time time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const auto second = std::chrono::floor<seconds>(time - midnight).count();
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()), unsigned(date.month()),
                unsigned(date.day()), int(second / 3600), int(second / 60 % 60), int(second % 60));
  return text.data();
}

/// A source whose container's endpoint gives the keys "1", "2", ..., numbered by the requests so far.
class kept_aws_credentials : public testing::Test {
 protected:
  using gate = asio::experimental::channel<void(boost::system::error_code)>;

  kept_aws_credentials() {
    settings_.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:1/";
    settings_.read_file = files_.reader();
    settings_.home = "/home/ann";
  }

  aws_credentials_source& source() {
    if (!source_) source_ = std::make_unique<aws_credentials_source>(settings_, sender(), clock_);
    return *source_;
  }

  net::http_sender sender() {
    return [this](const net::http_request&) -> asio::awaitable<net::http_outcome> {
      ++asked_;
      if (gate_) co_await gate_->async_receive(asio::use_awaitable);
      co_return reply();
    };
  }

  net::http_outcome reply() const {
    if (down_) return no_connection();
    const std::string expiry = good_for_ ? R"(,"Expiration":")" + utc_text(clock_.wall_now() + *good_for_) + "\"" : "";
    return answered(200, R"({"AccessKeyId":")" + std::to_string(asked_) +
                             R"(","SecretAccessKey":"hush","Token":"hush")" + expiry + "}");
  }

  static std::string id_of(const base::result<aws_credentials>& keys) {
    return keys ? keys->access_key_id : "failed: " + keys.error().detail;
  }
  std::string key_id() { return id_of(run_now(source().get())); }

  /// Begins to ask, and writes what comes of it to `out`.
  void ask(asio::io_context& io, std::string& out, asio::cancellation_slot slot = {}) {
    asio::co_spawn(io, source().get(),
                   asio::bind_cancellation_slot(
                       slot, [&out](const std::exception_ptr& thrown, const base::result<aws_credentials>& keys) {
                         out = thrown ? "thrown" : id_of(keys);
                       }));
    io.restart();
    io.poll();
  }

  fake_files files_;
  aws_credentials_settings settings_;
  base::manual_clock clock_;
  std::optional<seconds> good_for_ = minutes(60);
  bool down_ = false;
  std::atomic<int> asked_{0};
  gate* gate_ = nullptr;  // each reply waits for one word
  std::unique_ptr<aws_credentials_source> source_;
};

TEST_F(kept_aws_credentials, are_renewed_five_minutes_before_they_expire) {
  EXPECT_EQ(key_id(), "1");
  clock_.advance(minutes(55) - seconds(1));
  EXPECT_EQ(key_id(), "1");
  clock_.advance(seconds(1));
  EXPECT_EQ(key_id(), "2");
  EXPECT_EQ(key_id(), "2");
}

TEST_F(kept_aws_credentials, go_on_when_they_cannot_be_renewed) {
  EXPECT_EQ(key_id(), "1");
  down_ = true;
  clock_.advance(minutes(55));
  testing::internal::CaptureStdout();
  EXPECT_EQ(key_id(), "1");
  const std::string logged = testing::internal::GetCapturedStdout();
  EXPECT_THAT(logged, HasSubstr("not renewed"));
  EXPECT_THAT(logged, Not(HasSubstr("hush")));
  EXPECT_EQ(key_id(), "1");
  EXPECT_EQ(asked_, 2) << "the next try is after 30 seconds";
  clock_.advance(seconds(30));
  EXPECT_EQ(key_id(), "1");
  EXPECT_EQ(asked_, 3);
  down_ = false;
  clock_.advance(seconds(30));
  EXPECT_EQ(key_id(), "4");
}

TEST_F(kept_aws_credentials, end_with_their_time) {
  EXPECT_EQ(key_id(), "1");
  down_ = true;
  clock_.advance(minutes(60));
  EXPECT_THAT(key_id(), HasSubstr("no connection"));
  down_ = false;
  EXPECT_THAT(key_id(), HasSubstr("no connection")) << "a failure is handed out for five seconds";
  EXPECT_EQ(asked_, 2);
  clock_.advance(seconds(5));
  EXPECT_EQ(key_id(), "3");
}

TEST_F(kept_aws_credentials, of_a_short_life_are_not_asked_for_by_every_caller) {
  good_for_ = minutes(2);
  EXPECT_EQ(key_id(), "1");
  EXPECT_EQ(key_id(), "1");
  clock_.advance(seconds(30));
  EXPECT_EQ(key_id(), "2");
}

TEST_F(kept_aws_credentials, that_have_expired_when_they_come_are_a_failure) {
  good_for_ = seconds(0);
  const auto keys = run_now(source().get());
  ASSERT_TRUE(keys.has_error());
  EXPECT_THAT(keys.error().message, HasSubstr("have expired"));
}

TEST_F(kept_aws_credentials, without_an_expiry_are_read_again_if_they_may_change) {
  good_for_.reset();
  EXPECT_EQ(key_id(), "1");
  clock_.advance(minutes(5));
  EXPECT_EQ(key_id(), "2");
}

TEST_F(kept_aws_credentials, of_a_file_follow_the_file) {
  const auto file_with = [](const std::string& id) {
    return "[default]\naws_access_key_id=" + id + "\naws_secret_access_key=hush\n";
  };
  files_.texts["/home/ann/.aws/credentials"] = file_with("A");
  EXPECT_EQ(key_id(), "A");
  files_.texts["/home/ann/.aws/credentials"] = file_with("B");
  EXPECT_EQ(key_id(), "A");
  clock_.advance(minutes(5));
  EXPECT_EQ(key_id(), "B");
  EXPECT_EQ(asked_, 0);
}

TEST_F(kept_aws_credentials, of_the_settings_are_kept_for_good) {
  settings_.keys = aws_credentials{"S", "hush", "", std::nullopt};
  EXPECT_EQ(key_id(), "S");
  clock_.advance(std::chrono::hours(1000));
  EXPECT_EQ(key_id(), "S");
}

TEST_F(kept_aws_credentials, are_renewed_by_one_caller_while_the_others_go_on) {
  EXPECT_EQ(key_id(), "1");
  clock_.advance(minutes(55));
  asio::io_context io;
  gate waiting(io, 1);
  gate_ = &waiting;
  std::string first, second;
  ask(io, first);
  ask(io, second);
  EXPECT_EQ(first, "");
  EXPECT_EQ(second, "1");
  waiting.try_send(boost::system::error_code());
  io.restart();
  io.poll();
  EXPECT_EQ(first, "2");
  EXPECT_EQ(asked_, 2);
}

TEST_F(kept_aws_credentials, are_renewed_by_the_next_caller_if_one_is_cancelled) {
  EXPECT_EQ(key_id(), "1");
  clock_.advance(minutes(55));
  asio::io_context io;
  gate waiting(io, 1);
  gate_ = &waiting;
  std::string first;
  asio::cancellation_signal stop;
  ask(io, first, stop.slot());
  stop.emit(asio::cancellation_type::all);
  io.restart();
  io.poll();
  EXPECT_EQ(first, "thrown");
  gate_ = nullptr;
  EXPECT_EQ(key_id(), "3");
}

TEST_F(kept_aws_credentials, are_looked_for_by_each_caller_while_there_are_none) {
  asio::io_context io;
  gate waiting(io, 2);
  gate_ = &waiting;
  std::string first, second;
  ask(io, first);
  ask(io, second);
  EXPECT_EQ(asked_, 2);
  waiting.try_send(boost::system::error_code());
  waiting.try_send(boost::system::error_code());
  io.restart();
  io.poll();
  EXPECT_EQ(first, "2");
  EXPECT_EQ(second, "2");
}

TEST_F(kept_aws_credentials, are_given_to_many_threads) {
  EXPECT_EQ(key_id(), "1");
  clock_.advance(minutes(55));
  asio::thread_pool threads(4);
  std::vector<std::future<base::result<aws_credentials>>> all;
  for (int i = 0; i < 200; ++i)
    all.push_back(asio::co_spawn(threads, source().get(), asio::use_future));
  for (auto& one : all) {
    const std::string id = id_of(one.get());
    EXPECT_TRUE(id == "1" || id == "2") << id;
  }
  EXPECT_EQ(asked_, 2);
  threads.join();
}

}  // namespace
}  // namespace hydrant::providers::opensearch
