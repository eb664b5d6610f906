#include "store/redis/nodes.hpp"

#include "store/redis/keys.hpp"

#include <utility>

namespace hydrant::store::redis {

void redis_nodes::run(const named_script& what, std::vector<std::string> arguments, completion<reply> done) const {
  calls_.run(client::lane_of(known_processes_key), what, {std::string(known_processes_key)}, std::move(arguments),
             std::move(done));
}

void redis_nodes::beat(const node_ref& self, std::string about, std::chrono::milliseconds ttl, completion<> done) {
  run(scripts().node_beat, {process_name(self), self.node, self.boot, std::move(about), std::to_string(ttl.count())},
      [done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        if (status_of(*answer) == "ok") return done({});
        done(base::fail(base::error_kind::conflict, "This process was declared dead"));
      });
}

void redis_nodes::leave(const node_ref& self, completion<> done) {
  owned_.list(self, owned_calls::state::leaving, 1, [this, self, done = std::move(done)](auto calls) mutable {
    if (!calls) return done(calls.error());
    forget(self, scripts().node_leave, std::move(done));
  });
}

void redis_nodes::list(completion<std::vector<known_node>> done) {
  run(scripts().node_list, {}, [done = std::move(done)](base::result<reply> answer) {
    if (!answer) return done(answer.error());
    std::vector<known_node> nodes;
    for (const reply& each : answer->items)
      nodes.push_back({{text_at(each, 0), text_at(each, 1)}, text_at(each, 2), number_at(each, 3) != 0});
    done(std::move(nodes));
  });
}

void redis_nodes::orphans(const node_ref& dead, std::size_t max, completion<std::vector<call_ref>> done) {
  run(scripts().node_judge, {process_name(dead), std::to_string(dead_for_good.count())},
      [this, dead, max, done = std::move(done)](base::result<reply> answer) mutable {
        if (!answer) return done(answer.error());
        if (status_of(*answer) != "dead")
          return done(base::fail(base::error_kind::conflict, "The process is alive, or may be"));
        owned_.list(dead, owned_calls::state::dead, max, std::move(done));
      });
}

void redis_nodes::bury(const node_ref& dead, completion<> done) {
  owned_.count(dead, [this, dead, done = std::move(done)](base::result<std::size_t> count) mutable {
    if (!count) return done(count.error());
    if (*count > 0) return done({});
    forget(dead, scripts().node_bury, std::move(done));
  });
}

// A process that was only paused may have entered a call meanwhile. It asks whether it is dead after that, and we look
// for its calls after this: one of the two makes it known again.
void redis_nodes::forget(const node_ref& gone, const named_script& how, completion<> done) const {
  run(how, {process_name(gone), std::to_string(dead_for_good.count())},
      [this, gone, done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        owned_.count(gone, [this, gone, done](base::result<std::size_t> count) {
          if (!count) return done(count.error());
          if (*count == 0) return done({});
          owned_.exhume(gone, done);
        });
      });
}

}  // namespace hydrant::store::redis
