#pragma once

// The contract suites' harness for a real redis-server: one server for the test program, emptied between tests, and two
// clients that stand for two nodes.

#include "store/redis/redis_store.hpp"
#include "tests/unit/store/redis_fixture.hpp"
#include "tests/unit/store/store_harness.hpp"

#include <barrier>
#include <memory>
#include <thread>

namespace hydrant::store::redis {

/// Lets time pass for what the store keeps: shortens what each key has left, and makes every time that is kept in a
/// value older. The scripts themselves take the server's own time and know of no other.
inline constexpr const char* advance_script = R"lua(
local by = tonumber(ARGV[1])
local function older(number) return string.format('%.0f', number - by) end
local function age_field(key, field)
  local at = redis.call('HGET', key, field)
  if at then redis.call('HSET', key, field, older(at)) end
end
local function age_scores(key)
  local entries = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    if entries[i + 1] ~= 'inf' then redis.call('ZADD', key, older(entries[i + 1]), entries[i]) end
  end
end
local function age_values(key)
  if string.match(key, '^session:') then age_field(key, 'keysUntil') end
  if string.match(key, '^{session:.*}:streams$') then age_scores(key) end
  if key == 'hydrant:sessions' or string.match(key, '^hydrant:subscribers:') then age_scores(key) end
  if string.match(key, '^{hydrant:process:.*}:calls$') then age_scores(key) end
  if string.match(key, '^{hydrant:nodes}:process:') then age_field(key, 'beatAt') end
  if key == '{hydrant:nodes}:pulse' then age_field(key, 'heard') age_field(key, 'resumed') end
end
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 and left <= by then
    redis.call('DEL', key)
  else
    if left >= 0 then redis.call('PEXPIRE', key, older(left)) end
    age_values(key)
  end
end
return 'ok')lua";

/// Sets a stream back, as a server that restarted from an older state: its newest events are gone with what was known
/// of their producers, and the server is another run of it.
inline constexpr const char* rewind_script = R"lua(
local meta, log, generation, sequence = KEYS[1], KEYS[2], tonumber(ARGV[1]), tonumber(ARGV[2])
local function lost(id)
  local its_generation, its_sequence = string.match(id, '(%d+)-(%d+)')
  its_generation, its_sequence = tonumber(its_generation), tonumber(its_sequence)
  return its_generation > generation or (its_generation == generation and its_sequence > sequence)
end
for _, event in ipairs(redis.call('XRANGE', log, '-', '+')) do
  if lost(event[1]) then
    redis.call('XDEL', log, event[1])
    redis.call('HINCRBY', meta, 'events', -1)
    redis.call('HINCRBY', meta, 'bytes', -#event[2][2])
  end
end
local fields = redis.call('HGETALL', meta)
for i = 1, #fields, 2 do
  if string.match(fields[i], '^producer:') and lost(string.match(fields[i + 1], '^%d+ (%S+)')) then
    redis.call('HDEL', meta, fields[i])
    redis.call('HINCRBY', meta, 'producers', -1)
  end
end
redis.call('HSET', meta, 'generation', ARGV[1], 'sequence', ARGV[2], 'run', 'an earlier one')
return 'ok')lua";

/// The server, and io threads and a client for each of two nodes. One per test program.
class redis_grid {
 public:
  /// Null: there is no redis-server on this machine.
  static redis_grid* instance() {
    if (!support::redis_server::installed()) return nullptr;
    static redis_grid all;
    return &all;
  }
  ~redis_grid() {
    for (const auto& each : clients_)
      each->stop();
    io_.stop();
  }

  client& of(int node) { return *clients_.at(static_cast<std::size_t>(node)); }
  void ask(const std::vector<std::string>& words) const {
    const std::string answer = server_.ask(words);
    if (answer != "ok" && answer != "OK") throw std::runtime_error(words.front() + ": " + answer);
  }
  support::redis_server& server() { return server_; }
  void empty() const {
    ask({"FLUSHALL", "SYNC"});
    ask({"SCRIPT", "FLUSH", "SYNC"});
  }

 private:
  redis_grid() {
    io_.start();
    for (int node = 0; node < 2; ++node) {
      settings wanted = parse_url(server_.url()).value();
      wanted.command_timeout = std::chrono::seconds(15);
      clients_.push_back(std::make_unique<pooled_client>(io_, std::move(wanted)));
      if (const auto started = clients_.back()->start(); !started) throw std::runtime_error(started.error().message);
    }
    for (const auto& each : clients_)
      if (!eventually([&] { return each->state().connected == each->state().connections; }))
        throw std::runtime_error("no connection: " + each->state().last_error);
  }

  support::redis_server server_;
  net::io_pool io_{2};
  std::vector<std::unique_ptr<pooled_client>> clients_;
};

inline redis_limits limits_of(const contract_limits& limits) {
  redis_limits own;
  own.sessions_max = limits.sessions_max;
  own.streams_per_session_max = limits.streams_per_session_max;
  own.calls_per_session_max = limits.calls_per_session_max;
  own.subscriptions_per_session_max = limits.subscriptions_per_session_max;
  own.stream_events_max = limits.stream_events_max;
  own.stream_bytes_max = limits.stream_bytes_max;
  own.finished_stream_grace = limits.finished_stream_grace;
  return own;
}

class redis_harness final : public store_harness {
 public:
  redis_harness(redis_grid& grid, const contract_limits& limits) : grid_(grid) {
    grid_.empty();
    for (int node = 0; node < 2; ++node)
      stores_.push_back(std::make_unique<redis_store>(grid_.of(node), limits_of(limits)));
  }
  /// What an operation left to do in the background uses the stores.
  ~redis_harness() override { settle(); }

  session_store& sessions(int node) override { return store(node).sessions(); }
  event_log& events(int node) override { return store(node).events(); }
  node_registry& nodes(int node) override { return store(node).nodes(); }
  shared_values& values(int node) override { return store(node).values(); }
  redis_store& store(int node) { return *stores_.at(static_cast<std::size_t>(node)); }
  redis_grid& grid() { return grid_; }

  void advance(std::chrono::milliseconds by) override {
    settle();
    grid_.ask({"EVAL", advance_script, "0", std::to_string(by.count())});
  }
  void run_until(const std::function<bool()>& done) override {
    if (!eventually(done)) throw std::runtime_error("a completion did not run in time");
  }
  void race(std::vector<std::function<void()>> calls) override {
    std::barrier start(static_cast<std::ptrdiff_t>(calls.size()));
    std::vector<std::thread> threads;
    for (auto& call : calls) {
      threads.emplace_back([&start, &call] {
        start.arrive_and_wait();
        call();
      });
    }
    for (auto& thread : threads)
      thread.join();
  }
  void rewind(const stream_key& stream, position kept) override {
    const std::string base = "{session:" + stream.session + "}:";
    grid_.ask({"EVAL", rewind_script, "2", base + "stream:" + stream.stream, base + "log:" + stream.stream,
               std::to_string(kept.generation), std::to_string(kept.sequence)});
  }

 private:
  /// Waits for what was given before, and for what that led to: no chain of commands is longer than this.
  void settle() {
    constexpr int links_max = 4;
    for (int link = 0; link < links_max; ++link) {
      std::atomic<int> answered{0};
      for (int node = 0; node < 2; ++node)
        for (std::size_t lane = 0; lane < 2; ++lane)
          grid_.of(node).command(lane, {"PING"}, [&](const base::result<reply>&) { ++answered; });
      run_until([&] { return answered == 4; });
    }
  }

  redis_grid& grid_;
  std::vector<std::unique_ptr<redis_store>> stores_;
};

inline store_case redis_case() {
  return {"server", [](const contract_limits& limits) -> std::unique_ptr<store_harness> {
            redis_grid* grid = redis_grid::instance();
            if (!grid) return nullptr;
            return std::make_unique<redis_harness>(*grid, limits);
          }};
}

}  // namespace hydrant::store::redis
