#include "store/redis/session_index.hpp"

#include "store/redis/fan_out.hpp"
#include "store/redis/keys.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace hydrant::store::redis {
namespace {

constexpr std::size_t looks_for_room = 128;
// So many times 128 sessions that live on are moved before one more is refused.
constexpr int tries_max = 8;

const std::string index_key(sessions_key);
const std::size_t index_lane = client::lane_of(sessions_key);

/// The sessions that are looked at, {id, score, time left in ms} in turn, as sessions_settle.lua wants them.
struct look {
  std::vector<std::string> rows;
  std::vector<base::error> failures;  // one place for each
  std::vector<char> failed;

  explicit look(const reply& due) : failures(due.items.size() / 2), failed(due.items.size() / 2) {
    for (std::size_t i = 0; i + 1 < due.items.size(); i += 2)
      rows.insert(rows.end(), {due.items[i].text, due.items[i + 1].text, {}});
  }
  std::size_t count() const { return rows.size() / 3; }
  const std::string& id(std::size_t i) const { return rows[3 * i]; }
  void put(std::size_t i, base::result<reply> left) {
    failed[i] = !left;
    if (!left) failures[i] = left.error();
    if (left) rows[3 * i + 2] = std::to_string(left->integer);
  }
  const base::error* failure() const {
    for (std::size_t i = 0; i < failed.size(); ++i)
      if (failed[i]) return &failures[i];
    return nullptr;
  }
};

}  // namespace

void session_index::enter(const std::string& id, std::chrono::milliseconds ttl, completion<> done) const {
  try_enter(id, ttl, tries_max, std::move(done));
}

void session_index::try_enter(const std::string& id, std::chrono::milliseconds ttl, int tries_left,
                              completion<> done) const {
  calls_.run(client::lane_of(id), scripts().sessions_enter, {index_key},
             {id, std::to_string(ttl.count()), std::to_string(limits_.sessions_max)},
             [this, id, ttl, tries_left, done = std::move(done)](base::result<reply> answer) mutable {
               if (!answer) return done(answer.error());
               if (status_of(*answer) == "ok") return done({});
               make_room(id, ttl, tries_left, std::move(done));
             });
}

void session_index::make_room(const std::string& id, std::chrono::milliseconds ttl, int tries_left,
                              completion<> done) const {
  settle(looks_for_room, [this, id, ttl, tries_left, done = std::move(done)](base::result<settled> found) mutable {
    if (!found) return done(found.error());
    if (found->looked_at == 0 || tries_left == 0)
      return done(base::fail(base::error_kind::overloaded, "Too many sessions"));
    try_enter(id, ttl, tries_left - 1, std::move(done));
  });
}

void session_index::settle(std::size_t max, completion<settled> done) const {
  const auto settle_all = [this, done](const std::shared_ptr<look>& of) {
    if (of->count() == 0) return done(settled{});
    if (const base::error* failure = of->failure()) return done(*failure);
    calls_.run(index_lane, scripts().sessions_settle, {index_key}, of->rows,
               [done, count = of->count()](base::result<reply> answer) {
                 if (!answer) return done(answer.error());
                 done(settled{count, static_cast<std::size_t>(answer->integer)});
               });
  };
  calls_.run(index_lane, scripts().sessions_due, {index_key}, {std::to_string(max)},
             [this, done, settle_all](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               const auto of = std::make_shared<look>(*answer);
               const auto ask = [this, of](std::size_t i, std::function<void()> next) {
                 calls_.command(client::lane_of(of->id(i)), {"PTTL", session_key(of->id(i))},
                                [of, i, next = std::move(next)](base::result<reply> left) {
                                  of->put(i, std::move(left));
                                  next();
                                });
               };
               fan_out(of->count(), ask, [of, settle_all] { settle_all(of); });
             });
}

void session_index::leave(const std::string& id, completion<> done) const {
  calls_.command(index_lane, {"ZREM", index_key, id},
                 [done = std::move(done)](base::result<reply> answer) { answer ? done({}) : done(answer.error()); });
}

void session_index::count(completion<std::size_t> done) const {
  calls_.command(index_lane, {"ZCARD", index_key}, [done = std::move(done)](base::result<reply> answer) {
    if (!answer) return done(answer.error());
    done(static_cast<std::size_t>(answer->integer));
  });
}

}  // namespace hydrant::store::redis
