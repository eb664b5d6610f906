#include "store/redis/sessions.hpp"

#include "store/redis/fan_out.hpp"
#include "store/redis/keys.hpp"
#include "store/redis/record_fields.hpp"

#include <utility>

namespace hydrant::store::redis {
namespace {

base::error not_found() {
  return base::fail(base::error_kind::session_not_found, "Session not found");
}

}  // namespace

void redis_sessions::create(session_record record, std::chrono::milliseconds ttl, completion<> done) {
  const std::string id = record.id;
  index_.enter(id, ttl,
               [this, id, record = std::move(record), ttl, done = std::move(done)](base::result<> entered) mutable {
                 if (entered) return insert(id, record, ttl, std::move(done));
                 if (entered.error().kind == base::error_kind::overloaded) return refuse(id, std::move(done));
                 done(entered);
               });
}

void redis_sessions::insert(const std::string& id, const session_record& record, std::chrono::milliseconds ttl,
                            completion<> done) const {
  std::vector<std::string> arguments = to_fields(record);
  arguments.insert(arguments.begin(), std::to_string(ttl.count()));
  calls_.run(client::lane_of(id), scripts().session_create, {session_key(id)}, std::move(arguments),
             [done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               if (status_of(*answer) == "ok") return done({});
               done(base::fail(base::error_kind::conflict, "The session id is in use"));
             });
}

// At the cap, an id that is in use is told first.
void redis_sessions::refuse(const std::string& id, completion<> done) const {
  calls_.command(client::lane_of(id), {"EXISTS", session_key(id)},
                 [done = std::move(done)](base::result<reply> answer) {
                   if (!answer) return done(answer.error());
                   if (answer->integer != 0)
                     return done(base::fail(base::error_kind::conflict, "The session id is in use"));
                   done(base::fail(base::error_kind::overloaded, "Too many sessions"));
                 });
}

void redis_sessions::load(std::string_view id, completion<session_record> done) {
  calls_.command(client::lane_of(id), {"HGETALL", session_key(id)},
                 [id = std::string(id), done = std::move(done)](base::result<reply> answer) {
                   if (!answer) return done(answer.error());
                   auto record = from_fields(*answer);
                   if (!record) return done(not_found());
                   record->id = id;
                   done(std::move(*record));
                 });
}

void redis_sessions::touch(std::string_view id, completion<session_pulse> done) {
  calls_.run(client::lane_of(id), scripts().session_touch, {session_key(id)}, {},
             [this, id = std::string(id), done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               if (answer->kind == reply::type::nil) return done(not_found());
               if (answer->kind == reply::type::array) renew_subscriptions(id, *answer);
               done(session_pulse{number(status_of(*answer))});
             });
}

void redis_sessions::update(session_record record, completion<std::uint64_t> done) {
  const std::string id = record.id;
  std::string seen = std::to_string(record.version++);
  std::vector<std::string> arguments = to_fields(record);
  arguments.insert(arguments.begin(), std::move(seen));
  calls_.run(client::lane_of(id), scripts().session_update, {session_key(id)}, std::move(arguments),
             [this, id, version = record.version, done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               const std::string& status = status_of(*answer);
               if (status == "session_not_found") return done(not_found());
               if (status != "ok")
                 return done(base::fail(base::error_kind::conflict, "The session was changed by another writer"));
               if (answer->kind == reply::type::array) renew_subscriptions(id, *answer);
               done(version);
             });
}

void redis_sessions::remove(std::string_view id, completion<bool> done) {
  calls_.run(client::lane_of(id), scripts().session_remove, {session_key(id)}, {},
             [this, id = std::string(id), done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               leave_indexes(id, *answer, [done, existed = item(*answer, 0).integer != 0] { done(existed); });
             });
}

// A failure leaves an entry too many behind, which is cleaned out when it is due.
void redis_sessions::leave_indexes(const std::string& id, const reply& removed, std::function<void()> done) const {
  owned_.remove_all(id, item(removed, 2));
  const auto uris = std::make_shared<std::vector<std::string>>(texts(item(removed, 1)));
  const auto clean = [this, id, uris](std::size_t i, std::function<void()> next) {
    subscribers_.clean((*uris)[i], id, [next = std::move(next)](const base::result<>&) { next(); });
  };
  index_.leave(id, [uris, clean, done = std::move(done)](const base::result<>&) mutable {
    fan_out(uris->size(), clean, std::move(done));
  });
}

void redis_sessions::subscribe(std::string_view id, std::string_view uri, completion<> done) {
  calls_.run(client::lane_of(id), scripts().session_subscribe, {session_key(id)},
             {std::string(uri), std::to_string(limits_.subscriptions_per_session_max)},
             [this, id = std::string(id), uri = std::string(uri), done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               const std::string& status = status_of(*answer);
               if (status == "session_not_found") return done(not_found());
               if (status == "overloaded")
                 return done(base::fail(base::error_kind::overloaded, "The session has too many subscriptions"));
               subscribers_.enter(uri, id, status, done);
             });
}

void redis_sessions::unsubscribe(std::string_view id, std::string_view uri, completion<> done) {
  calls_.run(client::lane_of(id), scripts().session_unsubscribe, {session_key(id)}, {std::string(uri)},
             [this, id = std::string(id), uri = std::string(uri), done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               if (status_of(*answer) != "ok") return done(not_found());
               // It has taken effect: what the index says too much, `subscribers` sees.
               subscribers_.clean(uri, id, [done](const base::result<>&) { done({}); });
             });
}

void redis_sessions::subscribers(std::string_view uri, completion<std::vector<std::string>> done) {
  subscribers_.list(std::string(uri), std::move(done));
}

void redis_sessions::count(completion<std::size_t> done) {
  index_.count(std::move(done));
}

void redis_sessions::tidy(std::size_t max, completion<std::size_t> done) const {
  index_.settle(max, [done = std::move(done)](base::result<session_index::settled> found) {
    if (!found) return done(found.error());
    done(found->looked_at);
  });
}

// Should one fail, the next is in time: an entry lives for five lifetimes, and two have passed at most.
void redis_sessions::renew_subscriptions(const std::string& id, const reply& renewed) const {
  for (const std::string& uri : texts(item(renewed, 2)))
    subscribers_.enter(uri, id, text_at(renewed, 1), [](const base::result<>&) {});
}

}  // namespace hydrant::store::redis
