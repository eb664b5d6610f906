#include "store/redis/subscriber_index.hpp"

#include "store/redis/fan_out.hpp"
#include "store/redis/keys.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace hydrant::store::redis {
namespace {

struct inquiry {
  std::vector<std::string> ids;
  std::vector<std::optional<base::result<reply>>> answers;  // one place for each
};

}  // namespace

void subscriber_index::enter(const std::string& uri, const std::string& id, const std::string& ttl_ms,
                             completion<> done) const {
  calls_.run(client::lane_of(uri), scripts().subscribers_enter, {subscribers_key(uri)}, {id, ttl_ms},
             [done = std::move(done)](base::result<reply> answer) { answer ? done({}) : done(answer.error()); });
}

void subscriber_index::clean(const std::string& uri, const std::string& id, completion<> done) const {
  const auto look_again = [this, uri, id, done](base::result<reply> removed) {
    if (!removed) return done(removed.error());
    ask_session(uri, id, [this, uri, id, done](base::result<reply> answer) {
      if (!answer) return done(answer.error());
      if (answer->kind == reply::type::nil) return done({});
      enter(uri, id, answer->text, done);
    });
  };
  calls_.command(client::lane_of(uri), {"ZREM", subscribers_key(uri), id}, look_again);
}

void subscriber_index::list(const std::string& uri, completion<std::vector<std::string>> done) const {
  calls_.run(client::lane_of(uri), scripts().subscribers_list, {subscribers_key(uri)}, {},
             [this, uri, done = std::move(done)](base::result<reply> answer) mutable {
               if (!answer) return done(answer.error());
               confirm(uri, texts(*answer), std::move(done));
             });
}

void subscriber_index::confirm(const std::string& uri, std::vector<std::string> ids,
                               completion<std::vector<std::string>> done) const {
  const auto all = std::make_shared<inquiry>();
  all->ids = std::move(ids);
  all->answers.resize(all->ids.size());
  const auto ask = [this, uri, all](std::size_t i, std::function<void()> next) {
    ask_session(uri, all->ids[i], [all, i, next = std::move(next)](base::result<reply> answer) {
      all->answers[i] = std::move(answer);
      next();
    });
  };
  fan_out(all->ids.size(), ask, [this, uri, all, done = std::move(done)] {
    std::vector<std::string> confirmed;
    for (std::size_t i = 0; i < all->ids.size(); ++i) {
      const base::result<reply>& answer = *all->answers[i];
      if (!answer) return done(answer.error());
      if (answer->kind != reply::type::nil) {
        confirmed.push_back(all->ids[i]);
      } else {
        clean(uri, all->ids[i], [](const base::result<>&) {});
      }
    }
    done(std::move(confirmed));
  });
}

void subscriber_index::ask_session(const std::string& uri, const std::string& id, completion<reply> done) const {
  calls_.run(client::lane_of(id), scripts().session_subscribed, {session_key(id)}, {uri}, std::move(done));
}

}  // namespace hydrant::store::redis
