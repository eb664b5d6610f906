#pragma once

// One connection to one NATS server, from its making to its end; it does not come back. cnats' own reconnection is off:
// it gives up for good after two refused logins or an -ERR that it does not know, and it keeps what was published
// meanwhile, to send it late. Whoever owns a link makes the next one.

#include "base/result.hpp"
#include "bus/nats_settings.hpp"
#include "bus/nats_tuning.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::bus {

/// Told by cnats' threads. Lives longer than the link; the functions neither block nor throw.
class nats_link_listener {
 public:
  virtual ~nats_link_listener() = default;
  /// One thread at a time for each subject. The views live until it returns.
  virtual void on_bytes(std::string_view subject, std::string_view bytes, std::string_view traceparent) = 0;
  /// Messages were dropped because they came faster than `on_bytes` returned.
  virtual void on_slow() = 0;
  /// The server refused something, such as a subscription; the link goes on.
  virtual void on_complaint(std::string text) = 0;
  /// The link is dead, and not by its owner's hand. At most once; also while `connect` is still at work.
  virtual void on_lost(std::string why) = 0;
};

struct nats_link_target {
  nats_settings settings;             // its servers are not used
  nats_address server;                // but this one
  std::string client_name;            // shown by NATS' monitoring
  std::vector<std::string> subjects;  // subscribed to from the beginning
};

/// One at a time per bus; used by the one thread that owns it.
class nats_link {
 public:
  /// Connects and subscribes; when it returns, the server knows the subscriptions. Blocks for at most about twice the
  /// connect timeout, and longer only while a name is looked up.
  /// Errors: unavailable, with a message fit for people.
  static base::result<std::unique_ptr<nats_link>> connect(const nats_link_target& target, const nats_tuning& tuning,
                                                          nats_link_listener& listener);
  /// Returns when no function of the listener runs and none will.
  ~nats_link();
  nats_link(const nats_link&) = delete;
  nats_link& operator=(const nats_link&) = delete;

  enum class outcome {
    written,  ///< handed to the kernel, which is no promise of arrival
    refused,  ///< this message cannot be sent: too large for the server
    lost,     ///< the link is dead
  };
  /// `traceparent` becomes a header; empty: none.
  outcome publish(const std::string& subject, std::string_view bytes, const std::string& traceparent);

  /// Waits until the server has everything written so far, and until what it had sent by then is handled.
  void settle(std::chrono::milliseconds timeout);

 private:
  struct parts;
  explicit nats_link(std::unique_ptr<parts> made);

  std::unique_ptr<parts> parts_;
};

}  // namespace hydrant::bus
