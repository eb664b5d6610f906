#include "store/memory_values.hpp"

#include <utility>

namespace hydrant::store {

void memory_values::read(std::string_view name, completion<value> done) {
  value found;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto stored = values_.find(name); stored != values_.end()) found = stored->second;
  }
  done(std::move(found));
}

void memory_values::write(std::string_view name, std::uint64_t seen, std::string text, completion<std::uint64_t> done) {
  const auto step = [&]() -> base::result<std::uint64_t> {
    const std::scoped_lock lock(mutex_);
    const auto stored = values_.find(name);
    if ((stored == values_.end() ? 0 : stored->second.version) != seen)
      return base::fail(base::error_kind::conflict, "The value was changed by another writer");
    values_.insert_or_assign(std::string(name), value{std::move(text), seen + 1});
    return seen + 1;
  };
  done(step());
}

void memory_values::claim(std::string_view token, std::chrono::milliseconds ttl, completion<bool> done) {
  const base::steady_time now = clock_.now();
  const auto step = [&]() -> base::result<bool> {
    const std::scoped_lock lock(mutex_);
    drop_expired(now);
    if (claims_.contains(token)) return false;
    if (claims_.size() >= claims_max) return base::fail(base::error_kind::overloaded, "Too many tokens are in use");
    claims_.emplace(token);
    claims_by_end_.emplace(now + ttl, token);
    return true;
  };
  done(step());
}

void memory_values::add(std::string_view number, std::int64_t by, std::string_view token,
                        completion<std::int64_t> done) {
  const auto step = [&] {
    const std::scoped_lock lock(mutex_);
    auto& sum = numbers_[std::string(number)];
    if (by != 0 && adds_first(std::string(number) + ' ' + std::string(token))) sum += by;
    return sum;
  };
  done(step());
}

bool memory_values::adds_first(std::string token) {
  const base::steady_time now = clock_.now();
  while (!added_until_.empty() && (added_until_.front().first <= now || added_.size() >= added_max)) {
    added_.erase(added_until_.front().second);
    added_until_.pop_front();
  }
  if (!added_.insert(token).second) return false;
  added_until_.emplace_back(now + repeats_within, std::move(token));
  return true;
}

void memory_values::drop_expired(base::steady_time now) {
  while (!claims_by_end_.empty() && claims_by_end_.begin()->first <= now) {
    claims_.erase(claims_by_end_.begin()->second);
    claims_by_end_.erase(claims_by_end_.begin());
  }
}

}  // namespace hydrant::store
