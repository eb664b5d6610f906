#include "net/curl_lane.hpp"

#include "base/log.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <new>
#include <unistd.h>
#include <utility>

namespace hydrant::net {

using descriptor = asio::posix::stream_descriptor;

/// A duplicate of a socket of libcurl's, for Asio to have. libcurl may close a socket before it says so, and by then
/// the number may belong to a connection of another thread's, which Asio must not take out of epoll.
struct curl_lane::watched_socket {
  watched_socket(asio::io_context& io, curl_socket_t of_curl) : number(of_curl), fd(io) {
    boost::system::error_code failed;
    const int duplicate = ::fcntl(of_curl, F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0)
      failed.assign(errno, boost::system::system_category());
    else if (fd.assign(duplicate, failed); failed)
      ::close(duplicate);
    if (failed) throw boost::system::system_error(failed);
  }

  /// What waits for it is told that it was aborted.
  void release() {
    wanted = 0;
    boost::system::error_code ignored;
    fd.close(ignored);
  }

  const curl_socket_t number;
  descriptor fd;
  int wanted = 0;
  bool reading = false;  ///< a wait is under way
  bool writing = false;
};

curl_lane::curl_lane(asio::io_context& io, std::size_t connections_max)
    : io_(io), connections_max_(std::max<std::size_t>(connections_max, 1)), multi_(curl_multi_init()), timer_(io) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timeout);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(connections_max_));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(connections_max_));
}

curl_lane::~curl_lane() {
  // It closes what it kept, and says so through the functions below.
  curl_multi_cleanup(multi_);
  for (const auto& [fd, socket] : sockets_)
    socket->release();
}

void curl_lane::add(curl_transfer& transfer) {
  if (stopped_) return transfer.fail(base::fail(base::error_kind::unavailable, "this node stops"));
  if (waiting_.size() >= waiting_max)
    return transfer.fail(base::fail(base::error_kind::overloaded, "too many requests wait for a connection"));
  waiting_.push_back(&transfer);
  start_waiting();
}

// libcurl has a queue of its own for want of connections, in which no time runs out (7.88, multi.c: MSTATE_PENDING).
// It stays empty, since no more is handed over than may run.
void curl_lane::start_waiting() {
  while (!waiting_.empty() && running_.size() < connections_max_) {
    auto& next = *waiting_.front();
    waiting_.pop_front();
    auto refused = next.set_up();
    if (refused == CURLE_OK && curl_multi_add_handle(multi_, next.easy()) != CURLM_OK) refused = CURLE_FAILED_INIT;
    if (refused == CURLE_OK)
      running_.insert(&next);
    else
      next.end(refused);
  }
}

void curl_lane::remove(curl_transfer& transfer) {
  if (running_.erase(&transfer) == 0) {
    std::erase(waiting_, &transfer);
    return;
  }
  curl_multi_remove_handle(multi_, transfer.easy());
  start_waiting();
}

void curl_lane::stop() {
  stopped_ = true;
  const auto ended = base::fail(base::error_kind::unavailable, "this node stops");
  for (auto* transfer : std::exchange(waiting_, {}))
    transfer->fail(ended);
  for (auto* transfer : std::exchange(running_, {})) {
    curl_multi_remove_handle(multi_, transfer->easy());
    transfer->fail(ended);
  }
}

// A socket that cannot be watched (the kernel bounds how many files are open, and what epoll holds) ends its transfer,
// once libcurl may be called again. To tell libcurl would end the whole multi handle.
int curl_lane::on_socket(CURL* easy, curl_socket_t fd, int wanted, void* self, void*) {
  auto& lane = *static_cast<curl_lane*>(self);
  try {
    lane.watch(fd, wanted);
    if (wanted == CURL_POLL_REMOVE) lane.unplugged_.push_back(curl_transfer::of(easy));
  } catch (const std::exception& thrown) {
    base::log(base::log_level::error, "a connection cannot be watched", {{"what", thrown.what()}});
    lane.unwatched_.push_back(curl_transfer::of(easy));
  }
  return 0;
}

int curl_lane::on_timeout(CURLM*, long timeout_ms, void* self) {
  auto& lane = *static_cast<curl_lane*>(self);
  if (timeout_ms < 0)
    lane.timer_.cancel();
  else
    lane.set_timer(std::chrono::milliseconds(timeout_ms));
  return 0;
}

// A timeout of 0 is no reason to act at once: libcurl must not be called from within its own callback.
void curl_lane::set_timer(std::chrono::milliseconds after) {
  timer_.expires_after(after);
  timer_.async_wait([self = weak_from_this()](boost::system::error_code stopped) {
    const auto lane = stopped ? nullptr : self.lock();
    if (lane) lane->act(CURL_SOCKET_TIMEOUT, 0);
  });
}

void curl_lane::watch(curl_socket_t fd, int wanted) {
  const auto found = sockets_.find(fd);
  if (wanted == CURL_POLL_REMOVE) {
    if (found == sockets_.end()) return;
    found->second->release();
    sockets_.erase(found);
    return;
  }
  const auto socket = found != sockets_.end() ? found->second : std::make_shared<watched_socket>(io_, fd);
  if (found == sockets_.end()) sockets_.emplace(fd, socket);
  socket->wanted = wanted;
  if ((wanted & CURL_POLL_IN) != 0 && !socket->reading) wait_for(socket, descriptor::wait_read);
  if ((wanted & CURL_POLL_OUT) != 0 && !socket->writing) wait_for(socket, descriptor::wait_write);
}

void curl_lane::wait_for(const std::shared_ptr<watched_socket>& socket, descriptor::wait_type readiness) {
  const bool reads = readiness == descriptor::wait_read;
  (reads ? socket->reading : socket->writing) = true;
  socket->fd.async_wait(readiness, [this, socket, readiness, reads](boost::system::error_code failed) {
    (reads ? socket->reading : socket->writing) = false;
    // Released sockets end here; the lane may be gone.
    if (failed == asio::error::operation_aborted || !socket->fd.is_open()) return;
    const int bit = reads ? CURL_POLL_IN : CURL_POLL_OUT;
    if ((socket->wanted & bit) == 0) return;
    act(socket->number, failed ? CURL_CSELECT_ERR : reads ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
    const bool again = (socket->wanted & bit) != 0 && !(reads ? socket->reading : socket->writing);
    if (again) wait_for(socket, readiness);
  });
}

void curl_lane::act(curl_socket_t fd, int readiness) {
  int still_running = 0;
  curl_multi_socket_action(multi_, fd, readiness, &still_running);
  end_finished();
  end_unwatched();
  wake_unplugged();
}

void curl_lane::end_finished() {
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto code = message->data.result;  // gone once the handle is removed
    auto* transfer = curl_transfer::of(message->easy_handle);
    remove(*transfer);
    transfer->end(code);
  }
}

void curl_lane::end_unwatched() {
  for (auto* transfer : std::exchange(unwatched_, {})) {
    if (!running_.contains(transfer)) continue;
    remove(*transfer);
    transfer->fail(base::fail(base::error_kind::overloaded, "this node can have no more connections"));
  }
}

// When an address refuses late, or has had its share of the time, libcurl closes its socket and turns to the name's
// next address, but sets no timer to begin with it (7.88, curl/curl#11920): nothing would happen until the time to
// connect is up. Most transfers that lose their socket have ended by now, and cost no more than this look at them.
void curl_lane::wake_unplugged() {
  for (std::size_t i = 0; i < unplugged_.size(); ++i)
    if (running_.contains(unplugged_[i])) unplugged_[i]->wake();
  unplugged_.clear();
}

}  // namespace hydrant::net
