#include "app/shared_keys.hpp"

#include "base/ids.hpp"
#include "base/log.hpp"
#include "protocol/base64.hpp"
#include "protocol/json.hpp"

#include <algorithm>

namespace hydrant::app {

using protocol::base64_alphabet;
using protocol::json;

namespace {

constexpr std::string_view value_name = "request-state-keys";
constexpr int ticks_between_reads = 60;

dated_key new_key(base::wall_time now) {
  const auto made = protocol::keyring::random(base::random_token(9));
  return {made.current(), now};
}

std::int64_t milliseconds_of(base::wall_time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

dated_key key_from(const json& text) {
  const auto bytes = protocol::base64_decode(text.at("key").get<std::string>(), base64_alphabet::url);
  dated_key out;
  out.key.id = text.at("id");
  if (!bytes || bytes->size() != out.key.bytes.size()) throw std::invalid_argument("key");
  std::copy(bytes->begin(), bytes->end(), out.key.bytes.begin());
  out.made = base::wall_time(std::chrono::milliseconds(text.at("made").get<std::int64_t>()));
  return out;
}

}  // namespace

std::string to_text(const std::vector<dated_key>& keys) {
  json out = json::array();
  for (const auto& [key, made] : keys) {
    const std::string bytes(key.bytes.begin(), key.bytes.end());
    out.push_back({{"id", key.id},
                   {"key", protocol::base64_encode(bytes, base64_alphabet::url)},
                   {"made", milliseconds_of(made)}});
  }
  return protocol::to_text(out);
}

base::result<std::vector<dated_key>> parse_keys(const std::string& text) {
  try {
    std::vector<dated_key> out;
    for (const auto& one : json::parse(text))
      out.push_back(key_from(one));
    if (out.empty() || out.size() > protocol::keyring::keys_max) throw std::invalid_argument("number of keys");
    return out;
  } catch (const std::exception&) {
    return base::fail(base::error_kind::internal, "the keys in the store cannot be read");
  }
}

protocol::keyring ring_of(std::vector<dated_key> keys, const key_policy& policy, base::wall_time now) {
  std::ranges::sort(keys, std::greater(), &dated_key::made);
  const auto spread = std::ranges::find_if(keys, [&](const dated_key& one) { return one.made + policy.spread <= now; });
  std::rotate(keys.begin(), spread == keys.end() ? std::prev(keys.end()) : spread, keys.end());
  std::vector<protocol::sealing_key> ring;
  for (auto& one : keys)
    ring.push_back(std::move(one.key));
  return protocol::keyring::make(std::move(ring)).value();
}

std::optional<std::vector<dated_key>> rotated(const std::vector<dated_key>& keys, const key_policy& policy,
                                              base::wall_time now) {
  auto next = keys;
  std::erase_if(next, [&](const dated_key& one) { return one.made + policy.lifetime <= now; });
  const bool fresh = std::ranges::any_of(next, [&](const dated_key& one) { return one.made + policy.rotation > now; });
  if (!fresh) next.push_back(new_key(now));
  if (fresh && next.size() == keys.size()) return std::nullopt;
  return next;
}

void shared_keys::tick() {
  if (ready() && ++ticks_ % ticks_between_reads != 0) return;
  read();
}

void shared_keys::read() {
  values_.read(value_name, [this](const base::result<store::shared_values::value>& stored) {
    if (stored) take(*stored);
  });
}

void shared_keys::take(const store::shared_values::value& stored) {
  auto keys =
      stored.version == 0 ? base::result<std::vector<dated_key>>(std::vector<dated_key>{}) : parse_keys(stored.text);
  if (!keys)
    return base::log(base::log_level::error, "request states are sealed for this node only",
                     {{"why", keys.error().message}});
  const auto now = time_.wall_now();
  if (const auto next = rotated(*keys, policy_, now))
    return values_.write(value_name, stored.version, to_text(*next),
                         [this](const base::result<std::uint64_t>& written) {
                           // Whoever was first: what stands there now is good.
                           if (written || written.error().kind == base::error_kind::conflict) read();
                         });
  holder_.replace(ring_of(std::move(*keys), policy_, now));
  ready_ = true;
}

}  // namespace hydrant::app
