#pragma once

namespace hydrant::store::redis {

/// Told what happens on the connections, for metrics. Called on io threads, also on several at once; must not block or
/// throw. What is not overridden is ignored.
class client_observer {
 public:
  virtual ~client_observer() = default;
  /// A command was answered, that many seconds after it was given.
  virtual void on_latency(double /*seconds*/) {}
  /// A command failed with unavailable.
  virtual void on_error() {}
  /// A connection that had been lost stands again.
  virtual void on_reconnect() {}
};

}  // namespace hydrant::store::redis
