#pragma once

#include "providers/catalog.hpp"

#include <chrono>

namespace hydrant::providers {

/// The tools, resources and prompts that the MCP conformance suite looks for by name; their texts are its texts.
/// The first tool takes no arguments, as the suite calls whichever is listed first with none: register this provider
/// before others. For test servers only.
class conformance_provider final : public provider {
 public:
  static constexpr std::chrono::milliseconds default_pause{50};

  /// `pause` lies between the notifications of the tools that take time.
  explicit conformance_provider(std::chrono::milliseconds pause = default_pause) : pause_(pause) {}

  void contribute(catalog& to, announcer& changes) override;

 private:
  const std::chrono::milliseconds pause_;
};

}  // namespace hydrant::providers
