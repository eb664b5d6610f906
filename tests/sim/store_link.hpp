#pragma once

// One node's way to the store that all nodes share. Operations and their answers take time; either may get lost, and
// the store or the way to it may be away. Promised, as by the contracts: operations of one session take effect in the
// order in which this node asked for them, and are answered in that order.

#include "net/io_pool.hpp"
#include "store/event_log.hpp"
#include "store/node_registry.hpp"
#include "tests/sim/ground.hpp"
#include "tests/sim/process.hpp"
#include "tests/sim/spoils.hpp"
#include "tests/sim/witness.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hydrant::sim {

class store_link {
 public:
  store_link(ground& at, std::shared_ptr<process> from) : at_(at), from_(std::move(from)) {}

  /// `operation` is given the real store's completion.
  template <class T>
  void ask(std::string_view lane, std::string_view what, std::function<void(store::completion<T>)> operation,
           store::completion<T> done) {
    auto under_way = std::make_shared<asked<T>>();
    under_way->what = std::string(what).append(" ").append(lane);
    under_way->operation = std::move(operation);
    under_way->done = std::move(done);
    under_way->request_lost = at_.unlucky(at_.sky.request_lost);
    under_way->answer_lost = at_.unlucky(at_.sky.answer_lost);
    under_way->survives_sender = at_.dice.happens(0.5);
    if (at_.sky.instant_store) {
      take_effect(*under_way);
      return bring_answer(under_way, [](const agenda::action& done_now) { done_now(); });
    }
    auto& times = lanes_[std::string(lane)];
    times.effect = std::max(times.effect, at_.time.now() + delay());
    times.answer = std::max(times.answer, times.effect + delay());
    at_.plan.enter(times.effect, [this, under_way, self = from_] {
      if (self->alive() || under_way->survives_sender) take_effect(*under_way);
    });
    at_.plan.enter(times.answer, [this, under_way, self = from_] {
      if (self->alive()) bring_answer(under_way, [&self](const agenda::action& arrives) { self->take(arrives); });
    });
  }

 private:
  template <class T>
  struct asked {
    std::string what;
    std::function<void(store::completion<T>)> operation;
    store::completion<T> done;
    bool request_lost = false;
    bool answer_lost = false;
    bool survives_sender = false;
    std::optional<base::result<T>> outcome;
  };
  struct lane_times {
    steady_time effect{};
    steady_time answer{};
  };

  bool away() const;
  duration delay() { return at_.dice.between(duration(50), at_.sky.store_delay_max); }
  static base::error lost() { return base::fail(base::error_kind::unavailable, "the store is away"); }

  template <class T>
  void take_effect(asked<T>& one) {
    if (one.request_lost || away()) return at_.lines.line({from_->name, one.what, "(lost)"});
    one.operation([&one](base::result<T> outcome) { one.outcome = std::move(outcome); });
    at_.lines.line({from_->name, one.what, one.outcome && *one.outcome ? "" : "(refused)"});
  }
  template <class T>
  void bring_answer(const std::shared_ptr<asked<T>>& one, const std::function<void(agenda::action)>& bring) {
    if (one->answer_lost || !one->outcome || away()) {
      if (one->outcome) at_.lines.line({from_->name, one->what, "(answer lost)"});
      one->outcome = lost();
    }
    bring([one] { one->done(std::move(*one->outcome)); });
  }

  ground& at_;
  const std::shared_ptr<process> from_;
  std::map<std::string, lane_times> lanes_;
};

/// The three contracts of the store, over such a link. `what` each does is said in store/.
class linked_sessions final : public store::session_store {
 public:
  linked_sessions(store_link& link, store::session_store& real) : link_(link), real_(real) {}

  void create(store::session_record record, std::chrono::milliseconds ttl, store::completion<> done) override;
  void load(std::string_view id, store::completion<store::session_record> done) override;
  void touch(std::string_view id, store::completion<store::session_pulse> done) override;
  void update(store::session_record record, store::completion<std::uint64_t> done) override;
  void remove(std::string_view id, store::completion<bool> done) override;
  void subscribe(std::string_view id, std::string_view uri, store::completion<> done) override;
  void unsubscribe(std::string_view id, std::string_view uri, store::completion<> done) override;
  void subscribers(std::string_view uri, store::completion<std::vector<std::string>> done) override;
  void count(store::completion<std::size_t> done) override;

 private:
  store_link& link_;
  store::session_store& real_;
};

class linked_events final : public store::event_log {
 public:
  linked_events(ground& at, store_link& link, store::event_log& real, witness& sees)
      : link_(link), real_(real), spoilt_(at, real), sees_(sees) {}

  void append(const store::stream_key& stream, const store::producer_ref& producer, std::string payload,
              store::completion<store::appended> done) override;
  void attach(const store::stream_key& stream, const store::node_ref& holder,
              store::completion<store::attached> done) override;
  void detach(const store::stream_key& stream, std::uint64_t epoch, store::completion<> done) override;
  void holder(const store::stream_key& stream, store::completion<store::held> done) override;
  void read(const store::stream_key& stream, store::position after, store::read_limits limits,
            store::completion<store::replay> done) override;
  void end(const store::stream_key& stream, store::completion<> done) override;
  void begin(store::pending_call call, store::completion<> done) override;
  void revise(store::pending_call call, store::completion<std::uint64_t> done) override;
  void finish(std::string_view session, std::string_view request_id, const store::node_ref& owner, std::string response,
              store::stream_end then, store::completion<std::optional<store::appended>> done) override;
  void abandon(std::string_view session, std::string_view request_id,
               store::completion<std::optional<store::pending_call>> done) override;
  void pending(std::string_view session, store::completion<std::vector<store::pending_call>> done) override;
  void remove(std::string_view session, store::completion<> done) override;

 private:
  store_link& link_;
  store::event_log& real_;
  spoils spoilt_;
  witness& sees_;
};

class linked_nodes final : public store::node_registry {
 public:
  linked_nodes(store_link& link, store::node_registry& real) : link_(link), real_(real) {}

  void beat(const store::node_ref& self, std::string about, std::chrono::milliseconds ttl,
            store::completion<> done) override;
  void leave(const store::node_ref& self, store::completion<> done) override;
  void list(store::completion<std::vector<store::known_node>> done) override;
  void orphans(const store::node_ref& dead, std::size_t max,
               store::completion<std::vector<store::call_ref>> done) override;
  void bury(const store::node_ref& dead, store::completion<> done) override;

 private:
  store_link& link_;
  store::node_registry& real_;
};

/// What all nodes share.
struct backends {
  store::session_store& sessions;
  store::event_log& log;
  store::node_registry& nodes;
  witness& sees;
};

/// What of a node outlives it: the store as it had it, since what it has sent is still on its way; and its io_context,
/// since answers that nobody will take hold timers of it.
struct remains {
  remains(ground& at, const std::shared_ptr<process>& of, backends real)
      : link(at, of), sessions(link, real.sessions), log(at, link, real.log, real.sees), nodes(link, real.nodes) {}

  net::io_pool io{1};
  store_link link;
  linked_sessions sessions;
  linked_events log;
  linked_nodes nodes;
};

}  // namespace hydrant::sim
