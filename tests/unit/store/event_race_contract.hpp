#pragma once

// What holds when several nodes write at once.

#include "tests/unit/store/event_log_fixture.hpp"

#include <algorithm>
#include <mutex>
#include <random>

namespace hydrant::store {

/// What concurrent operations on one stream completed with. Thread-safe.
class race_record {
 public:
  completion<appended> on_append() {
    return [this](base::result<appended> outcome) { add(appends_, std::move(outcome)); };
  }
  completion<attached> on_attach() {
    return [this](base::result<attached> outcome) { add(attaches_, std::move(outcome)); };
  }

  /// The core of the contract: each append comes before an attach, so that the attach's replay holds it, or sees the
  /// new epoch.
  void expect_no_event_between_append_and_attach() const {
    for (const attached& attach : attaches_) {
      for (const appended& append : appends_) {
        EXPECT_EQ(append.id <= attach.last, append.epoch < attach.epoch)
            << "event " << append.id.sequence << " of epoch " << append.epoch << ", attach " << attach.epoch
            << " after event " << attach.last.sequence;
      }
    }
  }

  void expect_one_chain_of_events() {
    std::sort(appends_.begin(), appends_.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    for (std::size_t i = 0; i < appends_.size(); ++i) {
      EXPECT_EQ(appends_[i].id.sequence, i + 1);
      EXPECT_EQ(appends_[i].previous, i == 0 ? position{} : appends_[i - 1].id);
    }
  }

  void expect_one_chain_of_epochs() {
    std::sort(attaches_.begin(), attaches_.end(), [](const auto& a, const auto& b) { return a.epoch < b.epoch; });
    for (std::size_t i = 1; i < attaches_.size(); ++i) {
      EXPECT_GT(attaches_[i].epoch, attaches_[i - 1].epoch);
      EXPECT_EQ(attaches_[i].previous_epoch, attaches_[i - 1].epoch);
    }
  }

  std::atomic<int> completed{0};
  std::atomic<int> failed{0};

 private:
  template <class T>
  void add(std::vector<T>& results, base::result<T> outcome) {
    {
      const std::scoped_lock lock(mutex_);
      if (outcome) results.push_back(std::move(*outcome));
    }
    if (!outcome) ++failed;
    ++completed;
  }

  std::mutex mutex_;
  std::vector<appended> appends_;
  std::vector<attached> attaches_;
};

TEST_P(event_log_contract, no_event_falls_between_an_append_and_an_attach) {
  constexpr int calls_count = 4;
  constexpr int operations_count = 12;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const stream_key stream{"s1", "race"};
    race_record record;
    std::vector<std::function<void()>> calls;
    for (unsigned call = 0; call < calls_count; ++call) {
      calls.push_back([&, call] {
        std::mt19937 random(seed * 100 + call);
        for (int i = 0; i < operations_count; ++i) {
          const int node = static_cast<int>(random() % 2);
          if (random() % 3 == 0) {
            events(node).attach(stream, node == 0 ? node_a : node_b, record.on_attach());
          } else {
            events(node).append(stream, {}, "x", record.on_append());
          }
        }
      });
    }
    race(calls, record.completed, calls_count * operations_count);
    EXPECT_EQ(record.failed, 0);
    record.expect_no_event_between_append_and_attach();
    record.expect_one_chain_of_events();
    record.expect_one_chain_of_epochs();
    ASSERT_TRUE(forget("s1"));
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

/// A client that moves between two nodes and is written to by pushes, and by reads where a push does not follow.
struct moving_reader {
  node_ref node;
  std::uint64_t epoch = 0;
  position at;
  std::vector<std::string> seen;

  void take(const replay& found) {
    EXPECT_EQ(found.follows, continuity::complete);
    for (const logged_event& event : found.events) {
      EXPECT_GT(event.id, at);
      at = event.id;
      seen.push_back(event.payload);
    }
  }
};

TEST_P(event_log_contract, a_reader_that_moves_between_nodes_sees_each_event_once) {
  std::mt19937 random(7);
  moving_reader reader;
  std::vector<std::string> written;
  for (int step = 0; step < 200; ++step) {
    const int kind = static_cast<int>(random() % 8);
    if (kind == 0) {  // reconnects, to either node
      reader.node = random() % 2 == 0 ? node_a : node_b;
      reader.epoch = attach(stream_, reader.node).value().epoch;
      reader.take(read_all(stream_, reader.at));
    } else if (kind == 1) {  // goes away; an older attachment may go late
      ASSERT_TRUE(detach(stream_, random() % 2 == 0 ? reader.epoch : reader.epoch - 1));
    } else {
      written.push_back(std::to_string(step));
      const auto event = appended_to(stream_, written.back());
      const bool lost_on_the_way = random() % 4 == 0;
      const bool pushed = event.holder == reader.node && event.epoch == reader.epoch && !event.holder.node.empty();
      if (pushed && !lost_on_the_way && event.previous == reader.at) {
        reader.at = event.id;
        reader.seen.push_back(written.back());
      } else if (pushed && !lost_on_the_way) {
        reader.take(read_all(stream_, reader.at));
      }
    }
    // An audit, before the bound of the stream drops what this reader has not seen.
    if (step % 5 == 4 && read(stream_)) reader.take(read_all(stream_, reader.at));
  }
  EXPECT_EQ(reader.seen, written);
}

TEST_P(event_log_contract, of_appends_repeated_at_once_one_counts) {
  race_record record;
  std::atomic<int> duplicates{0};
  std::atomic<int> completed{0};
  std::vector<std::function<void()>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back([&, i] {
      events(i % 2).append(stream_, {"p", 1}, "x", [&](base::result<appended> outcome) {
        if (outcome && outcome->duplicate) ++duplicates;
        ++completed;
      });
    });
  }
  race(calls, completed, 4);
  EXPECT_EQ(duplicates, 3);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("x"));
}

TEST_P(event_log_contract, of_racing_finishes_one_succeeds) {
  for (int round = 0; round < 20; ++round) {
    const std::string stream = "round" + std::to_string(round);
    ASSERT_TRUE(begin(call_of("1", node_a, stream)));
    std::atomic<int> won{0};
    std::atomic<int> completed{0};
    std::vector<std::function<void()>> calls;
    for (int i = 0; i < 4; ++i) {
      calls.push_back([&, i] {
        events(i % 2).finish("s1", "1", node_a, "response", stream_end::end,
                             [&](base::result<std::optional<appended>> outcome) {
                               if (outcome && *outcome) ++won;
                               ++completed;
                             });
      });
    }
    race(calls, completed, 4);
    EXPECT_EQ(won, 1);
    EXPECT_EQ(read_all({"s1", stream}).events.size(), 1u);
    EXPECT_THAT(pending("s1"), IsEmpty());
    ASSERT_TRUE(forget("s1"));
  }
}

TEST_P(event_log_contract, a_call_has_one_response_while_its_owner_changes) {
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(begin(call_of("1", node_a)));
    std::atomic<int> won{0};
    std::atomic<int> completed{0};
    const auto finish_as = [&](int at, const node_ref& owner, const char* response) {
      events(at).finish("s1", "1", owner, response, stream_end::keep_open,
                        [&](base::result<std::optional<appended>> outcome) {
                          if (outcome && *outcome) ++won;
                          ++completed;
                        });
    };
    race({[&] { finish_as(0, node_a, "zombie"); },
          [&] {
            events(1).revise(call_of("1", node_b), [&](base::result<std::uint64_t> outcome) {
              if (outcome) {
                finish_as(1, node_b, "successor");
              } else {
                ++completed;
              }
              ++completed;
            });
          }},
         completed, 3);
    EXPECT_EQ(won, 1);
    EXPECT_EQ(read_all(stream_).events.size(), 1u);
    ASSERT_TRUE(forget("s1"));
  }
}

TEST_P(event_log_contract, of_racing_revisions_one_succeeds) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  std::atomic<int> won{0};
  std::atomic<int> completed{0};
  std::vector<std::function<void()>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back([&, i] {
      const node_ref heir{"heir", std::to_string(i)};
      events(i % 2).revise(call_of("1", heir), [&](base::result<std::uint64_t> outcome) {
        if (outcome) ++won;
        ++completed;
      });
    });
  }
  race(calls, completed, 4);
  EXPECT_EQ(won, 1);
  EXPECT_EQ(pending("s1").at(0).owner.node, "heir");
}

}  // namespace hydrant::store
