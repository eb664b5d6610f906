#include "base/log.hpp"
#include "store/redis/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hydrant::store::redis {
namespace {

using namespace std::chrono_literals;

// hiredis moves what it has not read for each kilobyte that it has read: small pieces keep that cheap.
constexpr std::size_t read_bytes = 16 * 1024;

constexpr std::chrono::milliseconds first_pause = 50ms;
constexpr std::chrono::milliseconds longest_pause = 1s;

struct greeting {
  std::vector<std::string_view> words;
  bool may_fail = false;
  std::string_view trouble;
};

std::vector<greeting> greetings(const settings& server, const std::string& database) {
  std::vector<greeting> all;
  if (!server.user.empty()) {
    all.push_back({{"AUTH", server.user, server.password}, false, "it refuses the user name or password: "});
  } else if (!server.password.empty()) {
    all.push_back({{"AUTH", server.password}, false, "it refuses the password: "});
  }
  if (server.database != 0) all.push_back({{"SELECT", database}, false, "it refuses the database: "});
  // A name is for the eyes of operators; some servers forbid CLIENT.
  all.push_back({{"CLIENT", "SETNAME", server.name}, true, ""});
  all.push_back({{"INFO", "server"}, true, ""});
  all.push_back({{"PING"}, false, "it is not ready: "});
  return all;
}

// What operators read. A server that has no AUTH would quote the password back.
std::string complaint(const greeting& step, const std::string& text, const std::string& password) {
  if (text.starts_with("NOAUTH")) return "it asks for a password: " + text;
  const bool quotes = !password.empty() && text.find(password) != std::string::npos;
  return std::string(step.trouble) + (quotes ? "its answer is not shown, it holds the password" : text);
}

}  // namespace

asio::awaitable<void> connection::live() {
  while (phase_ != phase::stopped) {
    begin_attempt();
    try {
      co_await attempt();
    } catch (const std::exception& thrown) {
      give_up(thrown.what());
    }
    if (phase_ != phase::stopped) co_await pause();
  }
}

void connection::begin_attempt() {
  given_up_ = false;
  writing_ = false;
  known_scripts_.clear();
  greeted_run_.clear();
  reader_.emplace();
  read_buffer_.resize(read_bytes);
  link_ = std::make_shared<transport>(io_, server_, tls_);
  connect_deadline_.expires_after(server_.connect_timeout);
  connect_deadline_.async_wait([self = shared_from_this(), link = link_](boost::system::error_code cancelled) {
    if (cancelled || link != self->link_ || self->phase_ == phase::up) return;
    self->give_up("no connection within " + std::to_string(self->server_.connect_timeout.count()) + " ms (" +
                  std::string(link->doing()) + ")");
  });
}

asio::awaitable<void> connection::attempt() {
  std::string trouble = co_await open();
  if (trouble.empty() && !given_up_) {
    come_up();
    while (trouble.empty() && !given_up_) {
      take_answers();
      trouble = co_await read_more();
    }
  }
  give_up(trouble);
}

asio::awaitable<std::string> connection::open() {
  const auto link = link_;
  std::string trouble = co_await link->connect();
  if (trouble.empty()) trouble = co_await greet();
  connect_deadline_.cancel();
  co_return trouble;
}

asio::awaitable<std::string> connection::greet() {
  const std::string database = std::to_string(server_.database);
  const auto steps = greetings(server_, database);
  for (const greeting& step : steps)
    append_command(link_->outgoing(), step.words);
  send_outgoing();
  for (const greeting& step : steps) {
    auto answer = reader_->next();
    for (; !answer; answer = reader_->next())
      if (std::string trouble = co_await read_more(); !trouble.empty()) co_return trouble;
    if (answer->kind == reply::type::error && !step.may_fail) co_return complaint(step, answer->text, server_.password);
    if (step.words.front() == "INFO") note_server(answer->text);
  }
  co_return std::string{};
}

// Counted once the connection is up: a server that still reads its log answers this, and nothing else.
void connection::note_server(const std::string& info) {
  constexpr std::string_view key = "run_id:";
  const auto at = info.find(key);
  if (at == info.npos) return;
  const auto from = at + key.size();
  greeted_run_ = info.substr(from, info.find_first_of("\r\n", from) - from);
}

asio::awaitable<std::string> connection::read_more() {
  if (!reader_->broken().empty()) co_return reader_->broken();
  const auto got = co_await link_->read_some(read_buffer_);
  if (got.failure == asio::error::eof) co_return "the server closed the connection";
  if (got.failure) co_return got.failure.message();
  reader_->feed({read_buffer_.data(), got.bytes});
  co_return std::string{};
}

void connection::take_answers() {
  while (!given_up_) {
    auto answer = reader_->next();
    if (!answer) break;
    take_answer(std::move(*answer));
  }
  flush();
}

void connection::come_up() {
  phase_ = phase::up;
  up_since_ = std::chrono::steady_clock::now();
  const bool again = std::exchange(was_up_, true);
  if (again && server_run_ != greeted_run_) restarts_.fetch_add(1, std::memory_order_acq_rel);
  server_run_ = greeted_run_;
  {
    const std::lock_guard lock(mutex_);
    state_.connected = true;
    state_.since = std::chrono::system_clock::now();
    if (again) ++state_.reconnects;
  }
  if (again) observer_.on_reconnect();
  if (!std::exchange(logged_loss_, {}).empty())
    base::log(base::log_level::info, "redis is connected", {{"server", shown(server_)}});
  flush();
}

void connection::give_up(const std::string& why) {
  if (std::exchange(given_up_, true)) return;
  link_->close();
  connect_deadline_.cancel();
  // A server that let us in is there: we need not hold back because it cut this connection.
  if (std::exchange(phase_, phase::down) == phase::up) failures_ = 0;
  note_loss(why);
  fail_all(shown(server_) + ": " + why);
}

void connection::note_loss(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(state_.connected, false) || state_.last_error.empty())
      state_.since = std::chrono::system_clock::now();
    state_.last_error = why;
  }
  // Once for each reason: it goes on trying every second, for ever.
  if (std::exchange(logged_loss_, why) == why) return;
  base::log(base::log_level::warn, "redis is not connected", {{"server", shown(server_)}, {"why", why}});
}

asio::awaitable<void> connection::pause() {
  const auto longest = std::min(longest_pause, first_pause * (1U << std::min(failures_++, 10U)));
  std::uniform_int_distribution<std::int64_t> pick(longest.count() / 2, longest.count());
  retry_.expires_after(std::chrono::milliseconds(pick(random_)));
  co_await retry_.async_wait(asio::as_tuple(asio::use_awaitable));
}

// From when it was given; while the first connection was made, nobody could have answered.
base::steady_time connection::due(const request& asked) const {
  return std::max(asked.given, up_since_) + server_.command_timeout;
}

void connection::watch() {
  if (watching_ || in_flight_.empty()) return;
  watching_ = true;
  oldest_deadline_.expires_at(due(in_flight_.front()));
  oldest_deadline_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    self->watching_ = false;
    if (!cancelled) self->check_oldest();
  });
}

void connection::check_oldest() {
  if (phase_ != phase::up || in_flight_.empty()) return;
  if (due(in_flight_.front()) > std::chrono::steady_clock::now()) return watch();
  give_up("no answer within " + std::to_string(server_.command_timeout.count()) + " ms");
}

}  // namespace hydrant::store::redis
