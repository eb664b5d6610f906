#pragma once

#include "store/redis/caller.hpp"
#include "store/shared_values.hpp"

namespace hydrant::store::redis {

/// The shared_values side of redis_store. Thread-safe; lives as long as its redis_store.
class redis_values final : public shared_values {
 public:
  explicit redis_values(const caller& calls) : calls_(calls) {}

  void read(std::string_view name, completion<value> done) override;
  void write(std::string_view name, std::uint64_t seen, std::string text, completion<std::uint64_t> done) override;
  void claim(std::string_view token, std::chrono::milliseconds ttl, completion<bool> done) override;
  void add(std::string_view number, std::int64_t by, std::string_view token, completion<std::int64_t> done) override;

 private:
  const caller& calls_;
};

}  // namespace hydrant::store::redis
