// Look-ups of names, as tests want them; and what one that hangs does to an io thread: nothing.

#include "tests/unit/net/http_client_fixture.hpp"

#include <boost/system/system_error.hpp>

#include <dlfcn.h>
#include <netdb.h>
#include <semaphore>
#include <string_view>

namespace {

using lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
constexpr std::string_view hanging_name = "hanging.invalid";
constexpr std::string_view two_addresses_name = "two.invalid";

// libcurl looks up names on threads of its own, which may outlive a test.
using signals = std::counting_semaphore<8>;
signals& let_go() {
  static auto& one = *new signals(0);
  return one;
}
signals& begun() {
  static auto& one = *new signals(0);
  return one;
}
signals& left() {
  static auto& one = *new signals(0);
  return one;
}

int two_addresses(lookup real, const char* service, const addrinfo* hints, addrinfo** found) {
  if (const int failed = real("127.0.0.2", service, hints, found)) return failed;
  auto** end = found;
  while (*end != nullptr)
    end = &(*end)->ai_next;
  return real("127.0.0.1", service, hints, end);
}

}  // namespace

/// Stands before the C library's for this whole program, libcurl included.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  static const auto real = reinterpret_cast<lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  if (name != nullptr && name == two_addresses_name) return two_addresses(real, service, hints, found);
  if (name == nullptr || name != hanging_name) return real(name, service, hints, found);
  begun().release();
  let_go().acquire();
  left().release();
  return EAI_AGAIN;
}

namespace hydrant::net {
namespace {

TEST(http_client_lookup, a_thread_does_not_wait_for_a_look_up_that_hangs) {
  support::http_server server(support::answering([](const auto&) { return support::http_answer("200 OK", "other"); }));
  sending_client client;
  asio::cancellation_signal cancel;
  auto cancelled = client.start({.url = "http://hanging.invalid/", .direct = true}, cancel);
  begun().acquire();
  client.cancel(cancel);
  auto late = client.start(
      {.url = "http://hanging.invalid/", .connect_timeout = std::chrono::milliseconds(50), .direct = true});
  begun().acquire();
  const auto in_time = late.wait_for(std::chrono::seconds(10)) == std::future_status::ready;
  EXPECT_TRUE(in_time);
  if (in_time) {
    EXPECT_EQ(client.send(ask(server, "/x"))->body, "other");
  }
  let_go().release(2);
  const auto why = failure(late.get());
  EXPECT_EQ(why.why.kind, base::error_kind::timeout);
  EXPECT_EQ(why.server, reached::no);
  EXPECT_THROW(cancelled.get(), boost::system::system_error);
  for (int i = 0; i < 2; ++i)
    left().acquire();
}

}  // namespace
}  // namespace hydrant::net
