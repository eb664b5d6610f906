#pragma once

// The fixture of session_store_contract.hpp: calls that wait.

#include "tests/unit/store/store_harness.hpp"

namespace hydrant::store {

class session_store_contract : public store_contract {
 protected:
  base::result<std::uint64_t> update(session_record record, int node = 0) {
    return await<std::uint64_t>([&](auto done) { sessions(node).update(std::move(record), done); });
  }
  base::result<> subscribe(std::string_view id, std::string_view uri) {
    return await<void>([&](auto done) { sessions().subscribe(id, uri, done); });
  }
  base::result<> unsubscribe(std::string_view id, std::string_view uri) {
    return await<void>([&](auto done) { sessions().unsubscribe(id, uri, done); });
  }
  std::vector<std::string> subscribers(std::string_view uri) {
    return await<std::vector<std::string>>([&](auto done) { sessions(1).subscribers(uri, done); }).value();
  }
  std::size_t count() {
    return await<std::size_t>([&](auto done) { sessions(1).count(done); }).value();
  }
};

}  // namespace hydrant::store
