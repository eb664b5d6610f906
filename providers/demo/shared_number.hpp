#pragma once

// The number behind demo://counter: one for all nodes, or one for this process.

#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace hydrant::providers {

/// Thread-safe.
class shared_number {
 public:
  virtual ~shared_number() = default;
  using completion = std::function<void(base::result<std::int64_t>)>;
  /// Adds, once for each token, and completes with the number: within the call, or later on any thread. Adding 0 reads.
  /// Errors: unavailable (it may have been added: ask again with the same token).
  virtual void add(std::int64_t by, const std::string& token, completion done) = 0;
};

/// One for this process, which cannot fail.
class local_number final : public shared_number {
 public:
  void add(std::int64_t by, const std::string& token, completion done) override;

 private:
  std::mutex mutex_;
  std::int64_t value_ = 0;  // guarded by mutex_
};

namespace demo {

/// Adds, and asks again for some seconds while the store is away.
boost::asio::awaitable<base::result<std::int64_t>> add_patiently(shared_number& to, std::int64_t by);

}  // namespace demo

}  // namespace hydrant::providers
