#pragma once

#include <atomic>
#include <cstddef>
#include <thread>

namespace hydrant::bus {

/// Lets calls through until it is shut; who shuts it knows afterwards that none is left inside. Entering costs two
/// atomic additions and no lock.
class gate {
 public:
  /// A call that entered, for as long as this lives; false: the gate is shut, turn back.
  class pass {
   public:
    explicit pass(gate& entered) : gate_(entered) { ++gate_.inside_; }
    ~pass() { --gate_.inside_; }
    pass(const pass&) = delete;
    pass& operator=(const pass&) = delete;
    // Sequential consistency on both sides: either the call sees that the gate is shut, or `shut` sees the call.
    explicit operator bool() const { return !gate_.shut_; }

   private:
    gate& gate_;
  };

  /// Waits for those inside, so not to be called by one of them. Idempotent.
  void shut() {
    shut_ = true;
    while (inside_ != 0)
      std::this_thread::yield();
  }

 private:
  std::atomic<bool> shut_{false};
  std::atomic<std::size_t> inside_{0};
};

}  // namespace hydrant::bus
