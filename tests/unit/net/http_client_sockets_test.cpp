// Sockets that do not come to carry a request: addresses that are silent or refuse late, and one file too many.

#include "tests/unit/net/http_client_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/epoll.h>

namespace {

using epoll_change = int (*)(int, int, int, epoll_event*);
using file_control = int (*)(int, int, ...);

std::atomic<int> connecting_added = 0;
std::atomic<int> removals_failed = 0;
std::atomic<bool> numbers_used_up = false;

bool is_connecting(int fd) {
  tcp_info about{};
  socklen_t bytes = sizeof(about);
  return ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &about, &bytes) == 0 && about.tcpi_state == TCP_SYN_SENT;
}

}  // namespace

/// Stands before the C library's for this whole program, Asio included.
extern "C" int epoll_ctl(int epoll, int change, int fd, epoll_event* event) noexcept {
  static const auto real = reinterpret_cast<epoll_change>(::dlsym(RTLD_NEXT, "epoll_ctl"));
  const int outcome = real(epoll, change, fd, event);
  if (change == EPOLL_CTL_DEL && outcome != 0) ++removals_failed;
  if (change == EPOLL_CTL_ADD && is_connecting(fd)) {
    ++connecting_added;
    connecting_added.notify_all();
  }
  return outcome;
}

/// Likewise. A lower limit of open files would do, but a sanitizer takes what it cannot open a file for as an error.
extern "C" int fcntl(int fd, int command, ...) {
  static const auto real = reinterpret_cast<file_control>(::dlsym(RTLD_NEXT, "fcntl"));
  std::va_list rest;
  va_start(rest, command);
  void* argument = va_arg(rest, void*);  // all kinds are passed in the same way
  va_end(rest);
  if (command != F_DUPFD_CLOEXEC || !numbers_used_up) return real(fd, command, argument);
  errno = EMFILE;
  return -1;
}

namespace hydrant::net {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

support::http_server::script always_ok() {
  return support::answering([](const auto&) { return support::http_answer("200 OK", "here"); });
}

/// A request to `server` by a name whose first address is another one (http_client_lookup_test.cpp).
http_request ask_by_name(const support::http_server& server) {
  return {.url = server.url("/x", "two.invalid"), .direct = true};
}

/// That first address, where nobody answers until this goes; then connections are refused. Its queue is full, and the
/// kernel drops what comes in addition.
class silent_address {
 public:
  explicit silent_address(const support::http_server& beside) {
    const auto url = beside.url("");
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    const tcp::endpoint here(asio::ip::make_address("127.0.0.2"), port);
    listener_.open(tcp::v4());
    listener_.set_option(tcp::acceptor::reuse_address(true));
    listener_.bind(here);
    listener_.listen(0);
    only_.connect(here);
    listener_.wait(tcp::acceptor::wait_read);
  }

 private:
  asio::io_context io_;
  tcp::acceptor listener_{io_};
  tcp::socket only_{io_};
};

// The number may belong to another thread's connection by then, which would never be heard of again.
TEST(http_client_sockets, nothing_is_taken_out_of_epoll_after_it_was_closed) {
  support::http_server server(always_ok());
  const silent_address first(server);
  const int added_before = connecting_added;
  const int failed_before = removals_failed;
  sending_client client;
  auto request = ask_by_name(server);
  request.connect_timeout = 200ms;
  request.timeout = 2s;
  static_cast<void>(client.send(request));
  EXPECT_GT(connecting_added, added_before);
  EXPECT_EQ(removals_failed, failed_before);
}

TEST(http_client_sockets, behind_a_silent_address_the_next_one_is_tried) {
  support::http_server server(always_ok());
  const silent_address first(server);
  sending_client client;
  auto request = ask_by_name(server);
  request.connect_timeout = 2s;  // of which the first address has half
  const auto outcome = client.send(request);
  ASSERT_TRUE(outcome) << outcome.error().why.message;
  EXPECT_EQ(outcome->body, "here");
}

// libcurl repeats by itself what it sent on a kept connection that was dead.
TEST(http_client_sockets, a_repetition_passes_a_silent_address_too) {
  support::http_server server([](support::http_peer& peer) {
    peer.request();
    peer.send(support::http_answer("200 OK", "here"));
    peer.request();
  });
  const silent_address first(server);
  sending_client client;
  auto request = ask_by_name(server);
  request.connect_timeout = 2s;
  for (int i = 0; i < 2; ++i) {
    const auto outcome = client.send(request);
    ASSERT_TRUE(outcome) << outcome.error().why.message;
  }
  EXPECT_EQ(server.connections(), 2U);
}

// The kernel asks it again after a second, and is refused. Its share of the time to connect would end much later.
TEST(http_client_sockets, behind_an_address_that_refuses_late_the_next_one_is_tried) {
  support::http_server server(always_ok());
  std::optional<silent_address> first(server);
  const int added_before = connecting_added;
  sending_client client;
  auto request = ask_by_name(server);
  request.connect_timeout = 60s;
  request.timeout = 10s;
  auto running = client.start(request);
  connecting_added.wait(added_before);
  first.reset();
  const auto outcome = running.get();
  ASSERT_TRUE(outcome) << outcome.error().why.message;
  EXPECT_EQ(outcome->body, "here");
}

TEST(http_client_sockets, without_a_number_to_watch_it_by_a_request_fails_at_once) {
  support::http_server server([](support::http_peer& peer) { peer.closed(); });
  sending_client client;
  auto request = ask(server, "/x");
  request.timeout = 5s;
  numbers_used_up = true;
  const auto why = failure(client.send(request));
  numbers_used_up = false;
  EXPECT_EQ(why.why.kind, base::error_kind::overloaded);
  support::http_server other(always_ok());
  EXPECT_EQ(client.send(ask(other, "/x"))->status, 200);
}

}  // namespace
}  // namespace hydrant::net
