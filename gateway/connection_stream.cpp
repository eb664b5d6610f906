#include "gateway/connection_stream.hpp"

#include "net/io_pool.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

namespace hydrant::gateway {

void connection::stream::write(std::string bytes) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (finished_ || closed_) return;
    first = queued_writes_ == 0;
    if (queued_.empty())
      queued_ = std::move(bytes);
    else
      queued_ += bytes;
    ++queued_writes_;
  }
  if (first) wake_owner();
}

void connection::stream::close() {
  {
    const std::lock_guard lock(mutex_);
    if (finished_ || closed_) return;
    closed_ = true;
  }
  wake_owner();
}

// Posted also from the own thread: whoever writes must not find its watcher called before `write` returns.
void connection::stream::wake_owner() {
  asio::post(io_, [owner = owner_] {
    if (const auto live = owner.lock()) live->wake();
  });
}

connection::stream::portion connection::stream::take() {
  const std::lock_guard lock(mutex_);
  return {std::exchange(queued_, {}), std::exchange(queued_writes_, 0), closed_};
}

void connection::stream::finish() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    queued_ = {};
  }
  if (const auto watcher = std::exchange(watcher_, nullptr)) watcher->on_closed();
}

// An exchange that nobody answered is a defect somewhere; the client must not wait for it.
connection::http_exchange::~http_exchange() {
  if (owner_)
    answer({500,
            R"({"jsonrpc":"2.0","error":{"code":-32603,"message":"the request got lost in the server"}})",
            "application/json",
            {}});
}

// On the connection's own thread at once: that is the way of every request that is answered where it was read.
template <class F>
bool connection::http_exchange::on_connection(F action) {
  auto owner = std::exchange(owner_, nullptr);
  if (!owner) return false;
  if (owner->on_own_thread()) {
    if (owner->serial_ == serial_) action(*owner);
    return owner->serial_ == serial_;
  }
  auto& io = owner->shared_.io;
  asio::post(io, [owner = std::move(owner), action = std::move(action)]() mutable { action(*owner); });
  return true;
}

void connection::http_exchange::answer(runtime::http_answer answer) {
  on_connection([answer = std::move(answer)](connection& owner) mutable { owner.take_answer(std::move(answer)); });
}

std::shared_ptr<runtime::event_stream> connection::http_exchange::open_stream(
    runtime::stream_head head, std::shared_ptr<runtime::stream_watcher> watcher) {
  if (!owner_) return nullptr;
  auto opened = std::make_shared<stream>(owner_, owner_->shared_.io, std::move(head), std::move(watcher));
  if (!on_connection([opened](connection& owner) { owner.take_stream(opened); })) opened->finish();
  return opened;
}

void connection::http_exchange::on_disconnect(std::function<void()> told) {
  if (!owner_) return;
  asio::dispatch(owner_->shared_.io, [owner = owner_, serial = serial_, told = std::move(told)]() mutable {
    if (owner->serial_ != serial || owner->finished()) return;
    if (owner->gone_) return told();
    owner->on_disconnect_ = std::move(told);
  });
}

}  // namespace hydrant::gateway
