#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace hydrant::runtime {

/// How the server names itself (`serverInfo`) and what it tells a model about itself (`instructions`).
struct identity {
  std::string name = "hydrant";
  std::string title;
  std::string version;
  std::string instructions;
};

/// The bounds of calls, streams and sessions on this node.
struct limits {
  std::chrono::milliseconds call_timeout{std::chrono::minutes(10)};  ///< one run of a handler
  std::chrono::milliseconds ask_timeout{std::chrono::minutes(5)};    ///< for the client's answer
  std::chrono::milliseconds request_state_ttl{std::chrono::minutes(10)};
  std::chrono::milliseconds session_ttl{std::chrono::minutes(30)};
  std::chrono::milliseconds passivate_after{std::chrono::seconds(60)};
  /// How often a session compares what it holds with the store. Shorter than passivate_after, so that none is let go
  /// without it.
  std::chrono::milliseconds look_around_every{std::chrono::seconds(30)};
  std::chrono::milliseconds retry{std::chrono::seconds(1)};  ///< SSE `retry:`
  /// A node that goes away spreads its clients' return over this span.
  std::chrono::milliseconds drain_spread{std::chrono::seconds(5)};
  std::size_t streams_max = 50'000;  ///< open streams of this node that last: GET, HTTP+SSE, subscriptions/listen
  std::size_t calls_max = 10'000;    ///< handlers that run on this node and take time
  std::size_t calls_per_session_max = 64;
};

}  // namespace hydrant::runtime
