#include "gateway/server.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <netinet/tcp.h>

namespace hydrant::gateway {
namespace {

// A peer that has vanished is noticed by what it does not acknowledge, also on streams that only carry comments.
constexpr int unacknowledged_ms_max = 30'000;
constexpr int unsent_bytes_max = 128 * 1024;

void set_user_timeout(tcp_socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>(unacknowledged_ms_max),
                    ignored);
}

}  // namespace

/// The connections of one io thread, and its clock. Used on that thread only, but for the constructor.
class server::lane : public std::enable_shared_from_this<lane> {
 public:
  lane(asio::io_context& io, services& on, const request_handler& handle)
      : context_{io, on.config, handle, on.env.measured}, timer_(io) {}

  asio::io_context& io() { return context_.io; }

  void tick() {
    timer_.expires_after(std::chrono::seconds(1));
    timer_.async_wait([self = shared_from_this()](boost::system::error_code stopped) {
      if (stopped) return;
      ++self->context_.now;
      self->for_each([](connection& one) { one.check_deadline(); });
      self->tick();
    });
  }

  void serve(tcp_socket socket, std::function<void()> closed) {
    auto one = std::make_shared<connection>(context_, std::move(socket));
    connections_.emplace(one.get(), one);
    asio::co_spawn(context_.io, one->serve(),
                   [self = shared_from_this(), one, closed = std::move(closed)](std::exception_ptr thrown) {
                     if (thrown) base::log(base::log_level::error, "a connection ended by an exception");
                     one->client_gone();
                     one->release_stream();
                     self->connections_.erase(one.get());
                     closed();
                   });
  }

  void drain() {
    context_.draining = true;
    for_each([](connection& one) { one.drain(); });
  }
  void cut() {
    timer_.cancel();
    for_each([](connection& one) { one.client_gone(); });
  }
  std::size_t busy() {
    std::size_t found = 0;
    for_each([&found](connection& one) { found += one.busy() ? 1 : 0; });
    return found;
  }

 private:
  // A copy, since what is done may end connections.
  template <class F>
  void for_each(F action) {
    std::vector<std::shared_ptr<connection>> now;
    now.reserve(connections_.size());
    for (const auto& [key, weak] : connections_)
      if (auto live = weak.lock()) now.push_back(std::move(live));
    for (const auto& one : now)
      action(*one);
  }

  connection_context context_;
  asio::steady_timer timer_;
  std::unordered_map<connection*, std::weak_ptr<connection>> connections_;
};

server::server(net::io_pool& io, services& given)
    : io_(io),
      services_(given),
      pipeline_(given),
      handle_([this](request& asked, std::shared_ptr<runtime::exchange> http, std::string& lines) {
        pipeline_.handle(asked, std::move(http), lines);
      }) {
  for (std::size_t i = 0; i < io_.size(); ++i)
    lanes_.push_back(std::make_shared<lane>(io_.at(i), services_, handle_));
}

server::~server() = default;

base::result<> server::start() {
  const auto& config = services_.config;
  const auto where = config.host + ":" + std::to_string(config.port);
  try {
    asio::ip::tcp::resolver resolver(io_.at(0));
    const auto found = resolver.resolve(config.host, std::to_string(config.port), asio::ip::tcp::resolver::passive);
    acceptor_ = std::make_unique<asio::ip::tcp::acceptor>(io_.at(0));
    const asio::ip::tcp::endpoint endpoint = *found.begin();
    acceptor_->open(endpoint.protocol());
    acceptor_->set_option(asio::socket_base::reuse_address(true));
    // For the accepted sockets, too. What waits in the kernel for a slow client counts as taken, so it must be little.
    acceptor_->set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>(unsent_bytes_max));
    acceptor_->bind(endpoint);
    acceptor_->listen(4096);
    port_ = acceptor_->local_endpoint().port();
  } catch (const boost::system::system_error& failed) {
    return base::fail(base::error_kind::unavailable, "cannot listen on " + where + ": " + failed.code().message());
  }
  accept_pause_ = std::make_unique<asio::steady_timer>(io_.at(0));
  for (const auto& one : lanes_)
    asio::post(one->io(), [one] { one->tick(); });
  asio::post(io_.at(0), [this] { accept_next(); });
  return {};
}

void server::accept_next() {
  if (!acceptor_->is_open()) return;
  const auto to = lanes_[next_lane_++ % lanes_.size()];
  acceptor_->async_accept(
      to->io(), [this, to](boost::system::error_code failed,
                           asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type> socket) {
        if (failed == asio::error::operation_aborted) return;
        if (failed) {
          // Out of file descriptors, most likely: give connections time to close instead of spinning.
          base::log(base::log_level::warn, "cannot accept a connection", {{"what", failed.message()}});
          accept_pause_->expires_after(std::chrono::milliseconds(100));
          return accept_pause_->async_wait([this](boost::system::error_code stopped) {
            if (!stopped) accept_next();
          });
        }
        auto& measured = services_.env.measured;
        if (open_.fetch_add(1, std::memory_order_relaxed) >= services_.config.connections_max) {
          open_.fetch_sub(1, std::memory_order_relaxed);
          measured.connections_refused.Increment();
        } else {
          measured.connections_open.Increment();
          set_user_timeout(socket);
          auto closed = [this, &measured] {
            open_.fetch_sub(1, std::memory_order_relaxed);
            measured.connections_open.Decrement();
          };
          asio::post(to->io(), [to, socket = std::move(socket), closed = std::move(closed)]() mutable {
            to->serve(std::move(socket), std::move(closed));
          });
        }
        accept_next();
      });
}

template <class F>
void server::on_each_lane(F action) {
  for (const auto& one : lanes_)
    asio::post(one->io(), [one, action] { action(*one); });
}

void server::drain() {
  on_each_lane([](lane& one) { one.drain(); });
}

void server::stop_accepting() {
  asio::post(io_.at(0), [this] {
    boost::system::error_code ignored;
    if (acceptor_) acceptor_->close(ignored);
    if (accept_pause_) accept_pause_->cancel();
  });
}

std::size_t server::busy() const {
  std::size_t found = 0;
  for (const auto& one : lanes_) {
    std::promise<std::size_t> counted;
    asio::post(one->io(), [&] { counted.set_value(one->busy()); });
    found += counted.get_future().get();
  }
  return found;
}

void server::cut() {
  stop_accepting();
  // By way of the acceptor's thread, so that a connection accepted just before is in its lane by then.
  asio::post(io_.at(0), [this] { on_each_lane([](lane& one) { one.cut(); }); });
}

}  // namespace hydrant::gateway
