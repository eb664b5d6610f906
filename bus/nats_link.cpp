#include "bus/nats_link.hpp"

#include "bus/connect_watchdog.hpp"
#include "bus/gate.hpp"
#include "bus/nats_options.hpp"

#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <nats/nats.h>
#include <thread>
#include <utility>

namespace hydrant::bus {
namespace {

constexpr const char* traceparent_header = "traceparent";
constexpr std::chrono::milliseconds connect_slack{100};  // beyond cnats' own timeout

struct message_deleter {
  void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
};
struct subscription_deleter {
  void operator()(natsSubscription* subscription) const { natsSubscription_Destroy(subscription); }
};
struct connection_deleter {
  void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
};
using message_ptr = std::unique_ptr<natsMsg, message_deleter>;
using subscription_ptr = std::unique_ptr<natsSubscription, subscription_deleter>;

/// What the callbacks of one connection are given. Provides its own synchronization.
class wiring {
 public:
  explicit wiring(nats_link_listener& listener) : listener_(listener) {}

  nats_link_listener& listener() { return listener_; }
  gate& callbacks() { return callbacks_; }

  /// From here on the end of the connection is what we want, not a loss.
  void expect_end() { end_expected_ = true; }
  bool end_expected() const { return end_expected_; }

  void note_closed() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  void note_completed() {
    const std::scoped_lock lock(mutex_);
    ++completed_;
    changed_.notify_all();
  }
  void wait_for_end(std::size_t subscriptions) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ && completed_ == subscriptions; });
  }

 private:
  nats_link_listener& listener_;
  std::atomic<bool> end_expected_{false};
  gate callbacks_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  bool closed_ = false;
  std::size_t completed_ = 0;
};

// The callbacks, on threads of cnats.

void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  const message_ptr owned(message);
  wiring& of = *static_cast<wiring*>(closure);
  const gate::pass pass(of.callbacks());
  if (!pass || message == nullptr) return;
  const char* traceparent = nullptr;
  if (natsMsgHeader_Get(message, traceparent_header, &traceparent) != NATS_OK || traceparent == nullptr)
    traceparent = "";
  of.listener().on_bytes(natsMsg_GetSubject(message),
                         {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))},
                         traceparent);
}

void on_error(natsConnection*, natsSubscription*, natsStatus status, void* closure) {
  wiring& of = *static_cast<wiring*>(closure);
  const gate::pass pass(of.callbacks());
  if (!pass) return;
  if (status == NATS_SLOW_CONSUMER)
    of.listener().on_slow();
  else
    of.listener().on_complaint(describe_nats_failure(status));
}

std::string why_closed(natsConnection* connection) {
  const char* detail = nullptr;
  const natsStatus status = natsConnection_GetLastError(connection, &detail);
  std::string why = status == NATS_OK ? "the server closed the connection" : natsStatus_GetText(status);
  if (detail != nullptr && detail[0] != '\0' && why != detail) why.append(": ").append(detail);
  return why;
}

void on_closed(natsConnection* connection, void* closure) {
  wiring& of = *static_cast<wiring*>(closure);
  if (const gate::pass pass(of.callbacks()); pass && !of.end_expected()) of.listener().on_lost(why_closed(connection));
  of.note_closed();
}

void on_complete(void* closure) {
  static_cast<wiring*>(closure)->note_completed();
}

natsStatus set_callbacks(natsOptions* options, wiring& of) {
  natsStatus status = natsOptions_SetErrorHandler(options, &on_error, &of);
  if (status == NATS_OK) status = natsOptions_SetClosedCB(options, &on_closed, &of);
  return status;
}

bool is_of_the_message(natsStatus status) {
  return status == NATS_MAX_PAYLOAD || status == NATS_INVALID_SUBJECT || status == NATS_INVALID_ARG;
}

natsStatus publish_with_header(natsConnection* connection, const std::string& subject, std::string_view bytes,
                               const std::string& traceparent) {
  natsMsg* made = nullptr;
  natsStatus status = natsMsg_Create(&made, subject.c_str(), nullptr, bytes.data(), static_cast<int>(bytes.size()));
  const message_ptr message(made);
  if (status == NATS_OK) status = natsMsgHeader_Set(made, traceparent_header, traceparent.c_str());
  return status == NATS_OK ? natsConnection_PublishMsg(connection, made) : status;
}

}  // namespace

/// Destroyed from the last member to the first, after ~parts has made sure that nothing calls back.
struct nats_link::parts {
  explicit parts(nats_link_listener& listener) : wires(std::make_unique<wiring>(listener)) {}
  ~parts() { end(); }
  parts(const parts&) = delete;
  parts& operator=(const parts&) = delete;

  natsStatus subscribe(const std::string& subject, const nats_tuning& tuning);
  bool everything_is_handled() const;
  void end();

  std::unique_ptr<wiring> wires;
  nats_options_ptr options;
  std::unique_ptr<natsConnection, connection_deleter> connection;
  std::vector<subscription_ptr> subscriptions;
  std::size_t completions_promised = 0;
};

natsStatus nats_link::parts::subscribe(const std::string& subject, const nats_tuning& tuning) {
  natsSubscription* made = nullptr;
  natsStatus status = natsConnection_Subscribe(&made, connection.get(), subject.c_str(), &on_message, wires.get());
  if (status != NATS_OK) return status;
  subscriptions.emplace_back(made);
  status = natsSubscription_SetOnCompleteCB(made, &on_complete, wires.get());
  if (status != NATS_OK) return status;
  ++completions_promised;
  return natsSubscription_SetPendingLimits(made, tuning.pending_messages_max, tuning.pending_bytes_max);
}

bool nats_link::parts::everything_is_handled() const {
  for (const auto& subscription : subscriptions) {
    int messages = 0;
    if (natsSubscription_GetPending(subscription.get(), &messages, nullptr) == NATS_OK && messages > 0) return false;
  }
  return true;
}

void nats_link::parts::end() {
  if (!connection) return;
  wires->expect_end();
  natsConnection_Close(connection.get());
  wires->wait_for_end(completions_promised);
  wires->callbacks().shut();
  // A connection that was lost while it subscribed promises no completion, and one more callback may be on its way.
  if (completions_promised != subscriptions.size()) static_cast<void>(wires.release());
}

nats_link::nats_link(std::unique_ptr<parts> made) : parts_(std::move(made)) {}

nats_link::~nats_link() = default;

base::result<std::unique_ptr<nats_link>> nats_link::connect(const nats_link_target& target, const nats_tuning& tuning,
                                                            nats_link_listener& listener) {
  const auto failed = [](natsStatus status) {
    return base::fail(base::error_kind::unavailable, describe_nats_failure(status));
  };
  auto made = std::make_unique<parts>(listener);
  auto options = make_nats_options(target, tuning);
  if (!options) return options.error();
  made->options = std::move(*options);
  natsStatus status = set_callbacks(made->options.get(), *made->wires);
  if (status != NATS_OK) return failed(status);

  natsConnection* connection = nullptr;
  {
    const connect_watchdog watchdog(target.server.port, tuning.connect_timeout + connect_slack);
    status = natsConnection_Connect(&connection, made->options.get());
    if (status != NATS_OK && watchdog.has_bitten()) status = NATS_TIMEOUT;
  }
  if (status != NATS_OK) return failed(status);
  made->connection.reset(connection);
  for (const std::string& subject : target.subjects) {
    status = made->subscribe(subject, tuning);
    if (status != NATS_OK) return failed(status);
  }
  // An answer to this ping says that the server has seen the subscriptions before it.
  status = natsConnection_FlushTimeout(connection, tuning.connect_timeout.count());
  if (status != NATS_OK) return failed(status);
  return std::unique_ptr<nats_link>(new nats_link(std::move(made)));
}

nats_link::outcome nats_link::publish(const std::string& subject, std::string_view bytes,
                                      const std::string& traceparent) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return outcome::refused;
  natsConnection* connection = parts_->connection.get();
  natsStatus status = NATS_NO_SERVER_SUPPORT;
  if (!traceparent.empty()) status = publish_with_header(connection, subject, bytes, traceparent);
  if (status == NATS_NO_SERVER_SUPPORT)
    status = natsConnection_Publish(connection, subject.c_str(), bytes.data(), static_cast<int>(bytes.size()));
  if (status == NATS_OK) return outcome::written;
  return is_of_the_message(status) ? outcome::refused : outcome::lost;
}

void nats_link::settle(std::chrono::milliseconds timeout) {
  const auto limit = std::chrono::steady_clock::now() + timeout;
  if (natsConnection_FlushTimeout(parts_->connection.get(), timeout.count()) != NATS_OK) return;
  // cnats counts a message as handled when its callback begins; the end of callbacks is waited for by `end`.
  while (!parts_->everything_is_handled() && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace hydrant::bus
