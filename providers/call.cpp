#include "providers/call.hpp"

#include "protocol/errors.hpp"
#include "providers/flow_window.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cmath>

namespace hydrant::providers {

namespace asio = boost::asio;
namespace {

// Whole numbers without a fraction: some clients show them as they come.
std::string number_text(double value) {
  constexpr double exact_integer_max = 9007199254740992.0;  // 2^53
  if (std::abs(value) < exact_integer_max && value == std::trunc(value))
    return std::to_string(static_cast<std::int64_t>(value));
  return protocol::to_text(value);
}

}  // namespace

call::call(call_setup setup, std::shared_ptr<call_sink> sink, std::shared_ptr<flow_window> window)
    : setup_(std::move(setup)), sink_(std::move(sink)), window_(std::move(window)) {}

void call::progress(double done, std::optional<double> total, std::string_view message) {
  if (setup_.progress_token.empty() || cancelled() || !window_->enter()) return;
  std::string params = R"({"progressToken":)" + setup_.progress_token + R"(,"progress":)" + number_text(done);
  if (total) params.append(R"(,"total":)").append(number_text(*total));
  if (!message.empty() && protocol::has_annotations(setup_.revision))
    protocol::append_json_string(params.append(R"(,"message":)"), message);
  sink_->notify(protocol::notification("notifications/progress", params.append("}")));
}

void call::log(protocol::logging_level level, json data, std::string_view logger) {
  if (!setup_.log_level || level < *setup_.log_level || cancelled() || !window_->enter()) return;
  json params = {{"level", protocol::name_of(level)}, {"data", std::move(data)}};
  if (!logger.empty()) params["logger"] = logger;
  sink_->notify(protocol::notification("notifications/message", protocol::to_text(params)));
}

asio::awaitable<void> call::room() {
  co_await window_->room();
}

asio::awaitable<void> call::sleep(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

const json* call::ask(std::string key, protocol::question question) {
  if (const auto found = setup_.answers.find(key); found != setup_.answers.end()) {
    if (!question.check_answer(found->second)) return &found->second;
  }
  if (!refusal_) refusal_ = question.refusal(setup_.client);
  questions_.insert_or_assign(std::move(key), std::move(question));
  return nullptr;
}

}  // namespace hydrant::providers
