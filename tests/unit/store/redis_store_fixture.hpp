#pragma once

// What the Redis store does beyond the contracts, against the test program's server.

#include "tests/unit/store/event_log_fixture.hpp"
#include "tests/unit/store/redis_harness.hpp"

#include <sstream>

namespace hydrant::store::redis {

/// The fixture of the contract suites with roomy limits, for the one implementation.
class redis_store_test : public event_log_contract {
 protected:
  redis_harness& harness() { return static_cast<redis_harness&>(*harness_); }
  std::string ask(const std::vector<std::string>& words) { return harness().grid().server().ask(words); }
  std::vector<std::string> lines(const std::vector<std::string>& words) {
    std::vector<std::string> all;
    std::istringstream text(ask(words));
    for (std::string line; std::getline(text, line);)
      all.push_back(line);
    return all;
  }
  base::result<std::uint64_t> update(session_record record) {
    return await<std::uint64_t>([&](auto done) { sessions().update(std::move(record), done); });
  }
  base::result<> subscribe(std::string_view id, std::string_view uri) {
    return await<void>([&](auto done) { sessions().subscribe(id, uri, done); });
  }
  std::vector<std::string> subscribers(std::string_view uri) {
    return await<std::vector<std::string>>([&](auto done) { sessions(1).subscribers(uri, done); }).value();
  }
  std::size_t count() {
    return await<std::size_t>([&](auto done) { sessions().count(done); }).value();
  }
  std::size_t tidy(const node_ref& self = node_a) {
    return await<std::size_t>([&](auto done) { harness().store(0).tidy(self, 100, done); }).value();
  }
};

inline store_case roomy_redis_case() {
  return {"server", [](const contract_limits&) -> std::unique_ptr<store_harness> {
            redis_grid* grid = redis_grid::instance();
            if (!grid) return nullptr;
            contract_limits roomy;
            roomy.sessions_max = 100'000;
            roomy.subscriptions_per_session_max = 100;
            roomy.streams_per_session_max = 100;
            roomy.stream_events_max = 1000;
            return std::make_unique<redis_harness>(*grid, roomy);
          }};
}

}  // namespace hydrant::store::redis
