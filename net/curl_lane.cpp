#include "net/curl_lane.hpp"

#include <boost/asio/error.hpp>

#include <new>
#include <utility>

namespace hydrant::net {

using descriptor = asio::posix::stream_descriptor;

/// A socket of libcurl's. It is lent: released before libcurl closes it.
struct curl_lane::watched_socket {
  watched_socket(asio::io_context& io, curl_socket_t lent) : fd(io, lent) {}

  descriptor fd;
  int wanted = 0;
  bool reading = false;  ///< a wait is under way
  bool writing = false;
};

curl_lane::curl_lane(asio::io_context& io, std::size_t connections_max)
    : io_(io), multi_(curl_multi_init()), timer_(io) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timeout);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(connections_max));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(connections_max));
}

curl_lane::~curl_lane() {
  // It closes what it kept, and says so through the functions above.
  curl_multi_cleanup(multi_);
}

bool curl_lane::add(curl_transfer& transfer) {
  if (curl_multi_add_handle(multi_, transfer.easy()) != CURLM_OK) return false;
  running_.insert(&transfer);
  return true;
}

void curl_lane::remove(curl_transfer& transfer) {
  if (running_.erase(&transfer) > 0) curl_multi_remove_handle(multi_, transfer.easy());
}

void curl_lane::stop() {
  stopped_ = true;
  for (auto* transfer : std::exchange(running_, {})) {
    curl_multi_remove_handle(multi_, transfer->easy());
    transfer->end({base::fail(base::error_kind::unavailable, "this node stops"), reached::perhaps});
  }
}

int curl_lane::on_socket(CURL*, curl_socket_t fd, int wanted, void* self, void*) {
  static_cast<curl_lane*>(self)->watch(fd, wanted);
  return 0;
}

// A timeout of 0 is no reason to act at once: libcurl must not be called from within its own callback.
int curl_lane::on_timeout(CURLM*, long timeout_ms, void* self) {
  auto& lane = *static_cast<curl_lane*>(self);
  if (timeout_ms < 0) {
    lane.timer_.cancel();
    return 0;
  }
  lane.timer_.expires_after(std::chrono::milliseconds(timeout_ms));
  lane.timer_.async_wait([&lane](boost::system::error_code stopped) {
    if (!stopped) lane.act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void curl_lane::watch(curl_socket_t fd, int wanted) {
  const auto found = sockets_.find(fd);
  if (wanted == CURL_POLL_REMOVE) {
    if (found == sockets_.end()) return;
    found->second->wanted = 0;
    found->second->fd.release();
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
    act(socket->fd.native_handle(), failed ? CURL_CSELECT_ERR : reads ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
    const bool again = (socket->wanted & bit) != 0 && !(reads ? socket->reading : socket->writing);
    if (again) wait_for(socket, readiness);
  });
}

void curl_lane::act(curl_socket_t fd, int readiness) {
  int still_running = 0;
  curl_multi_socket_action(multi_, fd, readiness, &still_running);
  end_finished();
}

void curl_lane::end_finished() {
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto code = message->data.result;  // gone once the handle is removed
    curl_transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    remove(*transfer);
    transfer->end(code);
  }
}

}  // namespace hydrant::net
