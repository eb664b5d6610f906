#include "net/http_client.hpp"

#include "net/curl_lane.hpp"
#include "net/http_rules.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <future>
#include <mutex>
#include <stdexcept>

namespace hydrant::net {
namespace {

using base::error_kind;

void set_up_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl cannot be set up");
  });
}

/// A transfer for as long as a coroutine waits for it. The lane may outlive the client: a coroutine that nobody resumes
/// is destroyed with its io_context.
class waited_transfer {
 public:
  waited_transfer(std::shared_ptr<curl_lane> lane, http_request request)
      : lane_(std::move(lane)), over_(lane_->io(), time_for(request)), transfer_(std::move(request)) {}
  ~waited_transfer() { lane_->remove(transfer_); }
  waited_transfer(const waited_transfer&) = delete;
  waited_transfer& operator=(const waited_transfer&) = delete;

  asio::awaitable<http_outcome> run() {
    transfer_.on_end([this] { over_.cancel(); });
    lane_->add(transfer_);
    boost::system::error_code woken;
    if (!transfer_.ended()) co_await over_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!transfer_.ended() && woken) throw boost::system::system_error(asio::error::operation_aborted);
    if (!transfer_.ended()) give_up();
    co_return transfer_.take();
  }

 private:
  // A clock cannot count to the end of all milliseconds.
  static std::chrono::milliseconds time_for(const http_request& request) {
    return std::clamp<std::chrono::milliseconds>(request.timeout, std::chrono::milliseconds(0), std::chrono::hours(24));
  }

  // Whoever still waits for a connection has learnt nothing about the server.
  void give_up() {
    const bool waits = transfer_.easy() == nullptr;
    lane_->remove(transfer_);
    transfer_.fail(waits ? base::fail(error_kind::overloaded, "no connection was free in time")
                         : base::fail(error_kind::timeout, "the server does not answer in time"));
  }

  const std::shared_ptr<curl_lane> lane_;
  // Expires when the request has had its time, which libcurl does not count while a transfer waits for a connection;
  // cancelled at the end, or with the coroutine.
  asio::steady_timer over_;
  curl_transfer transfer_;
};

}  // namespace

http_client::http_client(io_pool& io, std::size_t connections_max) {
  set_up_curl();
  for (std::size_t i = 0; i < io.size(); ++i)
    lanes_.push_back(std::make_shared<curl_lane>(io.at(i), connections_max));
}

http_client::~http_client() = default;

asio::awaitable<http_outcome> http_client::send(http_request request) {
  if (auto why = why_refused(request)) co_return http_failure{std::move(*why), reached::no};
  const auto* here = io_pool::here();
  const auto lane = std::ranges::find_if(lanes_, [here](const auto& one) { return &one->io() == here; });
  if (lane == lanes_.end())
    co_return http_failure{base::fail(error_kind::internal, "a request from outside the io threads"), reached::no};
  waited_transfer one(*lane, std::move(request));
  auto outcome = co_await one.run();
  co_return outcome;
}

void http_client::stop() {
  if (std::exchange(stopped_, true)) return;
  for (const auto& lane : lanes_) {
    std::packaged_task<void()> stopping([&lane] { lane->stop(); });
    const auto done = stopping.get_future();
    asio::post(lane->io(), std::move(stopping));
    done.wait();
  }
}

}  // namespace hydrant::net
