#include "store/redis/values.hpp"

#include "store/redis/keys.hpp"

#include <charconv>
#include <utility>

namespace hydrant::store::redis {

void redis_values::read(std::string_view name, completion<value> done) {
  calls_.command(client::lane_of(name), {"HMGET", value_key(name), "text", "version"},
                 [done = std::move(done)](base::result<reply> answer) {
                   if (!answer) return done(answer.error());
                   done(value{text_at(*answer, 0), number_at(*answer, 1)});
                 });
}

void redis_values::write(std::string_view name, std::uint64_t seen, std::string text, completion<std::uint64_t> done) {
  calls_.run(client::lane_of(name), scripts().value_write, {value_key(name)}, {std::to_string(seen), std::move(text)},
             [done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               if (answer->kind == reply::type::integer) return done(static_cast<std::uint64_t>(answer->integer));
               done(base::fail(base::error_kind::conflict, "The value was changed by another writer"));
             });
}

void redis_values::claim(std::string_view token, std::chrono::milliseconds ttl, completion<bool> done) {
  calls_.command(client::lane_of(token), {"SET", claim_key(token), "1", "NX", "PX", std::to_string(ttl.count())},
                 [done = std::move(done)](base::result<reply> answer) {
                   if (!answer) return done(answer.error());
                   done(answer->kind != reply::type::nil);
                 });
}

void redis_values::add(std::string_view number, std::int64_t by, std::string_view token,
                       completion<std::int64_t> done) {
  const auto key = number_key(number);
  calls_.run(client::lane_of(number), scripts().value_add, {key, key + ':' + std::string(token)},
             {std::to_string(by), std::to_string(repeats_within.count())},
             [done = std::move(done)](base::result<reply> answer) {
               if (!answer) return done(answer.error());
               std::int64_t sum = 0;
               std::from_chars(answer->text.data(), answer->text.data() + answer->text.size(), sum);
               done(sum);
             });
}

}  // namespace hydrant::store::redis
