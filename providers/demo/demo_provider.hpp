#pragma once

#include "providers/catalog.hpp"

#include <atomic>

namespace hydrant::providers {

/// A little of everything, for newcomers and for smoke tests: echo, current_time, countdown, confirm, increment, the
/// resource demo://counter, the template demo://time/{zone} with completion, and a prompt.
class demo_provider final : public provider {
 public:
  void contribute(catalog& to, announcer& changes) override;

 private:
  void add_tools(catalog& to);
  void add_counter(catalog& to, announcer& changes);
  void add_times(catalog& to);
  void add_prompt(catalog& to);

  std::atomic<std::int64_t> counter_{0};
};

}  // namespace hydrant::providers
