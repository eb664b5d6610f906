#pragma once

#include "bus/bus.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hydrant::bus {

/// The bus of a server that runs alone. A handler runs inside `publish`, on the publisher's thread, so nothing is
/// queued and nothing is lost: gap handlers are never called. What is published before `start` or after `stop` is
/// dropped.
///
/// Thread-safe; one per process. The subscriptions do not change after `start`, so that `publish` takes no lock.
/// `subscribe` after `start`, and `stop` inside a handler, are programming errors.
class local_bus final : public bus {
 public:
  local_bus() = default;
  ~local_bus() override { stop(); }

  /// Throws std::logic_error after `start`.
  void subscribe(std::string subject, message_handler handler) override;
  void on_gap(gap_handler handler) override;

  /// Errors: unavailable (it was stopped).
  base::result<> start() override;
  void stop() override;
  void publish(std::string_view subject, std::string_view payload, std::string_view traceparent = {}) override;

 private:
  enum class phase { preparing, delivering, stopped };

  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  class delivery;

  // Constant after start.
  std::unordered_map<std::string, std::vector<message_handler>, text_hash, std::equal_to<>> handlers_;

  std::atomic<phase> phase_{phase::preparing};
  std::atomic<std::size_t> deliveries_{0};  // that are in progress, on any thread
};

}  // namespace hydrant::bus
