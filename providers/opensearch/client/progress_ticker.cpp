#include "providers/opensearch/client/progress_ticker.hpp"

#include <boost/asio/steady_timer.hpp>

namespace hydrant::providers::opensearch {

struct progress_ticker::state {
  boost::asio::steady_timer timer;
  call* of;  // null once nobody waits any more; what follows is then not to be touched
  int& seconds;
  std::string waiting_for;
};

progress_ticker::progress_ticker(const boost::asio::any_io_executor& here, call& of, int& seconds,
                                 std::string waiting_for)
    : state_(std::make_shared<state>(state{boost::asio::steady_timer(here), &of, seconds, std::move(waiting_for)})) {
  wait(state_);
}

// A tick may be on its way already, so it must find out that it comes too late.
progress_ticker::~progress_ticker() {
  state_->of = nullptr;
  state_->timer.cancel();
}

void progress_ticker::wait(const std::shared_ptr<state>& on) {
  on->timer.expires_after(std::chrono::seconds(1));
  on->timer.async_wait([on](boost::system::error_code stopped) {
    if (stopped || on->of == nullptr) return;
    ++on->seconds;
    on->of->progress(on->seconds, {}, on->waiting_for + ": " + std::to_string(on->seconds) + " s");
    wait(on);
  });
}

}  // namespace hydrant::providers::opensearch
