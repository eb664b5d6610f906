#include "net/http_client.hpp"

#include "net/curl_lane.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <future>
#include <mutex>

namespace hydrant::net {
namespace {

void set_up_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

http_failure refusal(const char* why) {
  return {base::fail(base::error_kind::unavailable, why), reached::no};
}

/// A transfer for as long as a coroutine waits for it. The lane may outlive the client: a coroutine that nobody resumes
/// is destroyed with its io_context.
class waited_transfer {
 public:
  waited_transfer(std::shared_ptr<curl_lane> lane, http_request request)
      : lane_(std::move(lane)),
        transfer_(std::move(request)),
        ended_(lane_->io(), asio::steady_timer::time_point::max()) {}
  ~waited_transfer() { lane_->remove(transfer_); }
  waited_transfer(const waited_transfer&) = delete;
  waited_transfer& operator=(const waited_transfer&) = delete;

  asio::awaitable<http_outcome> run() {
    transfer_.on_end([this] { ended_.cancel(); });
    if (!lane_->add(transfer_)) co_return refusal("libcurl does not take the request");
    boost::system::error_code woken;
    co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!transfer_.ended()) throw boost::system::system_error(asio::error::operation_aborted);
    co_return transfer_.take();
  }

 private:
  const std::shared_ptr<curl_lane> lane_;
  curl_transfer transfer_;
  asio::steady_timer ended_;  // never expires: cancelled at the end, or with the coroutine
};

}  // namespace

http_client::http_client(io_pool& io, std::size_t connections_max) {
  set_up_curl();
  for (std::size_t i = 0; i < io.size(); ++i)
    lanes_.push_back(std::make_shared<curl_lane>(io.at(i), connections_max));
}

http_client::~http_client() = default;

asio::awaitable<http_outcome> http_client::send(http_request request) {
  const auto* here = io_pool::here();
  const auto lane = std::ranges::find_if(lanes_, [here](const auto& one) { return &one->io() == here; });
  if (lane == lanes_.end()) co_return refusal("not on an io thread");
  if ((*lane)->stopped()) co_return refusal("this node stops");
  waited_transfer one(*lane, std::move(request));
  auto outcome = co_await one.run();
  co_return outcome;
}

void http_client::stop() {
  if (std::exchange(stopped_, true)) return;
  for (const auto& lane : lanes_) {
    std::promise<void> done;
    asio::post(lane->io(), [&] {
      lane->stop();
      done.set_value();
    });
    done.get_future().wait();
  }
}

}  // namespace hydrant::net
