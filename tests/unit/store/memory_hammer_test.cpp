// Threads against one memory store; what must hold is checked when they are done.

#include "tests/unit/store/memory_harness.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace hydrant::store {
namespace {

constexpr int sessions_count = 6;
constexpr int streams_count = 2;
constexpr int calls_count = 3;

/// What the threads were told, to be compared with what the store holds.
class ledger {
 public:
  void wrote(const stream_key& stream, const appended& event) {
    const std::scoped_lock lock(mutex_);
    if (event.duplicate) return;
    if (!positions_[stream.session + "/" + stream.stream].insert(event.id).second) reused_position_ = true;
  }
  void began() { ++begun_; }
  void finished() { ++finished_; }

  bool reused_position() const { return reused_position_; }
  const std::map<std::string, std::set<position>>& positions() const { return positions_; }
  int begun() const { return begun_; }
  int finished_calls() const { return finished_; }

 private:
  std::mutex mutex_;
  std::map<std::string, std::set<position>> positions_;
  bool reused_position_ = false;
  std::atomic<int> begun_{0};
  std::atomic<int> finished_{0};
};

/// One thread's random operations.
class hammer {
 public:
  hammer(memory_store& store, shared_clock& clock, ledger& told, unsigned seed)
      : sessions_(store.sessions()),
        events_(store.events()),
        store_(store),
        clock_(clock),
        told_(told),
        random_(seed) {}

  void run(int operations) {
    for (int i = 0; i < operations; ++i)
      step();
  }

 private:
  int pick(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string session() { return "s" + std::to_string(pick(sessions_count)); }
  stream_key stream() { return {session(), "t" + std::to_string(pick(streams_count))}; }
  node_ref node() { return {"n" + std::to_string(pick(2)), "b"}; }
  std::string request() { return std::to_string(pick(calls_count)); }

  void step() {
    const int kind = pick(100);
    if (kind < 30) write();
    if (kind >= 30 && kind < 45) events_.attach(stream(), node(), [](base::result<attached>) {});
    if (kind >= 45 && kind < 60) look();
    if (kind >= 60 && kind < 85) call();
    if (kind >= 85) change_session(kind);
  }

  void write() {
    const stream_key to = stream();
    const producer_ref producer{pick(2) == 0 ? "" : "p", static_cast<std::uint64_t>(pick(1000))};
    events_.append(to, producer, "payload", [&](base::result<appended> event) {
      if (event) told_.wrote(to, *event);
    });
  }

  void look() {
    sessions_.touch(session(), [](base::result<session_pulse>) {});
    sessions_.subscribers("uri" + std::to_string(pick(3)), [](base::result<std::vector<std::string>>) {});
    events_.read(stream(), {}, {}, [](base::result<replay> found) {
      if (!found) return;
      for (std::size_t i = 1; i < found->events.size(); ++i) {
        EXPECT_EQ(found->events[i].id.sequence, found->events[i - 1].id.sequence + 1);
      }
    });
  }

  void call() {
    pending_call begun;
    begun.session = session();
    begun.request_id = request();
    begun.stream = stream().stream;
    begun.owner = node();
    events_.begin(begun, [&](base::result<> outcome) {
      if (outcome) told_.began();
    });
    events_.revise(begun, [](auto) {});
    const stream_key to{begun.session, begun.stream};
    events_.finish(begun.session, begun.request_id, node(), "response", stream_end::keep_open, [&](auto outcome) {
      if (outcome && *outcome) told_.finished();
    });
  }

  void change_session(int kind) {
    const std::string id = session();
    session_record record;
    record.id = id;
    sessions_.create(record, std::chrono::seconds(5), [](base::result<>) {});
    sessions_.subscribe(id, "uri" + std::to_string(pick(3)), [](base::result<>) {});
    if (kind == 97) sessions_.remove(id, [](base::result<bool>) {});
    if (kind == 98) events_.end(stream(), [](base::result<>) {});
    if (kind == 99) clock_.advance(std::chrono::seconds(1));
    if (kind == 99) store_.sweep(static_cast<std::size_t>(pick(4)));
  }

  session_store& sessions_;
  event_log& events_;
  memory_store& store_;
  shared_clock& clock_;
  ledger& told_;
  std::mt19937 random_;
};

memory_statistics recount(memory_store& store) {
  memory_statistics sum;
  store.sessions().count([&](base::result<std::size_t> count) { sum.sessions = count.value(); });
  for (int session = 0; session < sessions_count; ++session) {
    const std::string id = "s" + std::to_string(session);
    store.events().pending(id, [&](auto calls) { sum.calls += calls.value().size(); });
    for (int stream = 0; stream < streams_count; ++stream) {
      store.events().read({id, "t" + std::to_string(stream)}, {}, {}, [&](base::result<replay> found) {
        if (!found) return;
        ++sum.streams;
        sum.events += found->events.size();
        for (const auto& event : found->events)
          sum.bytes += event.payload.size();
      });
    }
  }
  return sum;
}

TEST(memory_hammer, threads_leave_a_consistent_store) {
  shared_clock clock;
  memory_limits limits;
  limits.sessions_max = sessions_count;
  limits.stream_events_max = 16;
  limits.finished_stream_grace = std::chrono::seconds(2);
  memory_store store(clock, limits);
  ledger told;
  std::vector<std::thread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    threads.emplace_back([&, seed] { hammer(store, clock, told, seed).run(5000); });
  }
  for (auto& thread : threads)
    thread.join();

  EXPECT_FALSE(told.reused_position());
  EXPECT_GT(told.finished_calls(), 0);
  EXPECT_LE(told.finished_calls(), told.begun());
  EXPECT_GT(told.positions().size(), 0u);
  store.sweep(1000);
  const auto kept = store.statistics();
  const auto counted = recount(store);
  EXPECT_EQ(kept.sessions, counted.sessions);
  EXPECT_EQ(kept.streams, counted.streams);
  EXPECT_EQ(kept.events, counted.events);
  EXPECT_EQ(kept.bytes, counted.bytes);
  EXPECT_EQ(kept.calls, counted.calls);

  clock.advance(session_ttl);
  store.sweep(1000);
  const auto nothing = store.statistics();
  EXPECT_EQ(nothing.sessions + nothing.streams + nothing.events + nothing.bytes + nothing.calls, 0u);
}

TEST(memory_hammer, sessions_never_exceed_their_cap_while_threads_create_and_expire_them) {
  shared_clock clock;
  memory_limits limits;
  limits.sessions_max = 20;
  memory_store store(clock, limits);
  std::atomic<bool> exceeded{false};
  std::atomic<int> created{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 1000; ++i) {
        session_record record;
        record.id = std::to_string(thread) + "-" + std::to_string(i);
        store.sessions().create(record, std::chrono::milliseconds(5), [&](base::result<> outcome) {
          if (outcome) ++created;
        });
        if (store.statistics().sessions > limits.sessions_max) exceeded = true;
        if (i % 10 == 0) clock.advance(std::chrono::milliseconds(1));
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_FALSE(exceeded);
  EXPECT_GE(created, 20);
  clock.advance(std::chrono::milliseconds(5));
  store.sweep(1000);
  EXPECT_EQ(store.statistics().sessions, 0u);
}

}  // namespace
}  // namespace hydrant::store
