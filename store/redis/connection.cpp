#include "store/redis/connection.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <future>
#include <utility>

namespace hydrant::store::redis {
namespace {

// How much is gathered for one write; more waits as requests, which are smaller and may still be failed unwritten.
constexpr std::size_t batch_bytes = 64 * 1024;
// A large value leaves no large buffer behind.
constexpr std::size_t idle_bytes = 1024 * 1024;

base::error unavailable(std::string detail) {
  return base::fail(base::error_kind::unavailable, "the session store is not available", std::move(detail));
}

}  // namespace

connection::connection(asio::io_context& io, const settings& server, tls_context tls, client_observer& observer)
    : io_(io),
      server_(server),
      tls_(std::move(tls)),
      observer_(observer),
      connect_deadline_(io),
      oldest_deadline_(io),
      retry_(io) {}

void connection::start() {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || std::exchange(started_, true)) return;
  }
  asio::post(io_, [self = shared_from_this()] {
    if (self->phase_ == phase::stopped) return;
    self->phase_ = phase::first_connect;
    asio::co_spawn(
        self->io_, [self] { return self->live(); }, asio::detached);
  });
}

void connection::stop() {
  bool started = false;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    started = started_;
  }
  if (!started) return;
  if (io_.stopped()) return end();
  std::promise<void> ended;
  asio::post(io_, [this, &ended] {
    end();
    ended.set_value();
  });
  ended.get_future().wait();
}

void connection::give(request given) {
  given.given = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool fits = waiting_.load(std::memory_order_relaxed) < server_.waiting_max;
    waiting_.fetch_add(1, std::memory_order_relaxed);
    (fits ? arrived_ : refused_).push_back(std::move(given));
    if (std::exchange(wake_posted_, true)) return;
  }
  asio::post(io_, [self = shared_from_this()] { self->take_arrived(); });
}

connection_state connection::state() const {
  const std::lock_guard lock(mutex_);
  connection_state now = state_;
  now.waiting = waiting_.load(std::memory_order_relaxed);
  return now;
}

void connection::take_arrived() {
  std::vector<request> arrived;
  std::vector<request> refused;
  {
    const std::lock_guard lock(mutex_);
    wake_posted_ = false;
    if (closed_) return;  // end() takes them
    arrived.swap(arrived_);
    refused.swap(refused_);
  }
  for (request& one : arrived)
    admit(std::move(one));
  flush();
  for (request& one : refused)
    fail(one, "too many commands wait for " + shown(server_));
}

void connection::admit(request given) {
  if (phase_ == phase::up || phase_ == phase::first_connect) return lanes_.add(std::move(given));
  fail(given, "not connected to " + shown(server_));
}

void connection::flush() {
  if (phase_ != phase::up || writing_ || lanes_.empty()) return;
  while (!lanes_.empty() && link_->outgoing().size() < batch_bytes)
    write(lanes_.take());
  send_outgoing();
  watch();
}

void connection::write(request next) {
  std::vector<std::string_view> words;
  words.reserve(next.words.size() + 2);
  if (next.what != nullptr) {
    if (known_scripts_.insert(next.what->digest()).second) next.form = script_form::source;
    const bool by_source = next.form == script_form::source;
    words.push_back(by_source ? "EVAL" : "EVALSHA");
    words.push_back(by_source ? next.what->source() : next.what->digest());
  }
  words.insert(words.end(), next.words.begin(), next.words.end());
  append_command(link_->outgoing(), words);
  in_flight_.push_back(std::move(next));
}

void connection::send_outgoing() {
  writing_ = true;
  link_->send([self = shared_from_this(), link = link_](boost::system::error_code failure) {
    if (link != self->link_) return;
    self->writing_ = false;
    link->outgoing().clear();
    if (link->outgoing().capacity() > idle_bytes) link->outgoing().shrink_to_fit();
    if (failure) return self->give_up(failure.message());
    self->flush();
  });
}

void connection::take_answer(reply answer) {
  if (in_flight_.empty()) return give_up("it answers what was not asked");
  request asked = std::move(in_flight_.front());
  in_flight_.pop_front();
  const std::string code(error_code_of(answer));
  if (code == "NOSCRIPT" && asked.what != nullptr && asked.form == script_form::digest) {
    known_scripts_.erase(asked.what->digest());
    return lanes_.send_again(std::move(asked));
  }
  if (asked.holds_lane) lanes_.release(asked.lane);
  if (!means_unavailable(code)) return conclude(asked, std::move(answer));
  fail(asked, shown(server_) + ": " + answer.text);
  // What was a primary has become a replica: the next connection may find the new primary.
  if (code == "READONLY") give_up(answer.text);
}

void connection::conclude(request& asked, base::result<reply> outcome) {
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  if (outcome) {
    observer_.on_latency(std::chrono::duration<double>(std::chrono::steady_clock::now() - asked.given).count());
  } else {
    observer_.on_error();
  }
  try {
    asked.done(std::move(outcome));
  } catch (const std::exception& thrown) {
    base::log(base::log_level::error, "a completion of a redis command threw", {{"what", thrown.what()}});
  }
}

void connection::fail(request& asked, const std::string& why) {
  conclude(asked, unavailable(why));
}

void connection::fail_all(const std::string& why) {
  auto written = std::exchange(in_flight_, {});
  auto unwritten = lanes_.take_all();
  for (request& one : written)
    fail(one, why);
  for (request& one : unwritten)
    fail(one, why);
}

void connection::end() {
  phase_ = phase::stopped;
  given_up_ = true;
  if (link_) link_->close();
  connect_deadline_.cancel();
  oldest_deadline_.cancel();
  retry_.cancel();
  fail_all("the client stops");
  std::vector<request> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(arrived_);
    std::move(refused_.begin(), refused_.end(), std::back_inserter(left));
    refused_.clear();
    state_.connected = false;
  }
  for (request& one : left)
    fail(one, "the client stops");
}

}  // namespace hydrant::store::redis
