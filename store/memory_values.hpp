#pragma once

#include "base/clock.hpp"
#include "store/shared_values.hpp"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace hydrant::store {

/// The shared_values side of memory_store. Thread-safe; lives as long as its memory_store.
class memory_values final : public shared_values {
 public:
  explicit memory_values(const base::clock& clock) : clock_(clock) {}

  void read(std::string_view name, completion<value> done) override;
  void write(std::string_view name, std::uint64_t seen, std::string text, completion<std::uint64_t> done) override;
  void claim(std::string_view token, std::chrono::milliseconds ttl, completion<bool> done) override;
  void add(std::string_view number, std::int64_t by, std::string_view token, completion<std::int64_t> done) override;

 private:
  /// One more is refused: forgetting a token that was used would let it be used again.
  static constexpr std::size_t claims_max = 100'000;

  bool adds_first(std::string token);
  void drop_expired(base::steady_time now);
  /// The oldest gives way: who asks this store again does so because of a defect, not of a failure.
  static constexpr std::size_t added_max = 10'000;

  const base::clock& clock_;

  std::mutex mutex_;  // a leaf: nothing is called under it
  // Guarded by mutex_.
  std::map<std::string, value, std::less<>> values_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
  std::set<std::string, std::less<>> added_;  // number and token
  std::deque<std::pair<base::steady_time, std::string>> added_until_;
  std::set<std::string, std::less<>> claims_;
  std::multimap<base::steady_time, std::string> claims_by_end_;
};

}  // namespace hydrant::store
