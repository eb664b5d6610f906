#pragma once

// What calls need of a process, for tests: one io_context that the test runs by hand, a clock that stands still.

#include "providers/catalog.hpp"
#include "runtime/environment.hpp"

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::support {

/// Keeps what is announced.
class recorded_changes final : public providers::announcer {
 public:
  void tools_changed() override { seen.emplace_back("tools"); }
  void prompts_changed() override { seen.emplace_back("prompts"); }
  void resources_changed() override { seen.emplace_back("resources"); }
  void resource_updated(std::string uri) override { seen.push_back(std::move(uri)); }

  std::vector<std::string> seen;
};

class test_environment {
 public:
  explicit test_environment(std::size_t io_threads = 1) : io(io_threads) {}
  // What waits on these threads goes before what it refers to.
  ~test_environment() {
    workers.stop();
    io.stop();
  }

  /// Runs everything that is ready; never waits.
  void poll() { io.at(0).poll(); }
  /// Runs what becomes ready, also through workers, until `done`; false: it did not become so in time.
  bool run_until(const std::function<bool()>& done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done() && std::chrono::steady_clock::now() < limit)
      io.at(0).run_one_for(std::chrono::milliseconds(5));
    return done();
  }

  providers::catalog catalog;
  runtime::identity self{.name = "hydrant-test", .title = "Test", .version = "1.2.3", .instructions = "Be kind."};
  runtime::limits bounds;
  runtime::key_holder keys{protocol::keyring::random()};
  base::manual_clock time;
  net::io_pool io;
  net::worker_pool workers{2, 2};
  runtime::metrics measured{"1.2.3", "n", "b"};
  std::set<std::string> claimed;
  runtime::token_claimer claim_once = [this](const std::string& token, std::chrono::milliseconds,
                                             const std::function<void(base::result<runtime::token_use>)>& done) {
    done(claimed.insert(token).second ? runtime::token_use::first : runtime::token_use::repeated);
  };
  runtime::environment env{catalog, self, bounds, keys, time, io, workers, measured, claim_once};
};

}  // namespace hydrant::support
