#pragma once

#include "providers/catalog.hpp"
#include "providers/demo/shared_number.hpp"

#include <memory>

namespace hydrant::providers {

/// A little of everything, for newcomers and for smoke tests: echo, current_time, countdown, confirm, increment, the
/// resource demo://counter, the template demo://time/{zone} with completion, and a prompt.
class demo_provider final : public provider {
 public:
  /// `counter`: the number behind demo://counter.
  explicit demo_provider(std::unique_ptr<shared_number> counter = std::make_unique<local_number>())
      : counter_(std::move(counter)) {}
  void contribute(catalog& to, announcer& changes) override;

 private:
  void add_tools(catalog& to);
  void add_counter(catalog& to, announcer& changes);
  void add_times(catalog& to);
  void add_prompt(catalog& to);

  const std::unique_ptr<shared_number> counter_;
};

}  // namespace hydrant::providers
