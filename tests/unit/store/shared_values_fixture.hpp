#pragma once

// The fixture of shared_values_contract.hpp: calls that wait.

#include "tests/unit/store/store_harness.hpp"

namespace hydrant::store {

class shared_values_contract : public store_contract {
 protected:
  shared_values::value read(std::string_view name) {
    return await<shared_values::value>([&](auto done) { values(1).read(name, done); }).value();
  }
  base::result<std::uint64_t> write(std::string_view name, std::uint64_t seen, std::string text) {
    return await<std::uint64_t>([&](auto done) { values().write(name, seen, std::move(text), done); });
  }
  base::result<std::int64_t> add(std::string_view number, std::int64_t by, std::string_view token, int node = 0) {
    return await<std::int64_t>([&](auto done) { values(node).add(number, by, token, done); });
  }
  bool claim(std::string_view token, std::chrono::milliseconds ttl = std::chrono::minutes(5), int node = 0) {
    return await<bool>([&](auto done) { values(node).claim(token, ttl, done); }).value();
  }
};

}  // namespace hydrant::store
