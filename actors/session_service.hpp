#pragma once

// What the gateway asks of sessions. No type of CAF is seen here.

#include "actors/membership.hpp"
#include "actors/session_directory.hpp"
#include "actors/session_services.hpp"
#include "bus/bus.hpp"
#include "protocol/message.hpp"
#include "providers/catalog.hpp"
#include "runtime/exchange.hpp"
#include "runtime/subscription_hub.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hydrant::actors {

/// Thread-safe; one per process. Every call answers its exchange, at once or later.
class session_service final : public peers, public successor {
 public:
  session_service(const runtime::environment& env, store::session_store& sessions, store::event_log& log,
                  bus::bus& messages, runtime::subscription_hub& hub, store::node_ref node, scheduling how);

  /// `initialize` (lifecycle, "Initialization"): opens a session and names it in the Mcp-Session-Id header.
  void initialize(const protocol::message& request, std::shared_ptr<runtime::exchange> http);
  void post(const std::string& session_id, protocol::message_batch batch, std::shared_ptr<runtime::exchange> http);
  void open_stream(const std::string& session_id, std::string last_event_id, std::shared_ptr<runtime::exchange> http);
  void end(const std::string& session_id, std::shared_ptr<runtime::exchange> http);

  /// GET of HTTP+SSE (2024-11-05 basic/transports): with an empty id opens a new session. `messages_path` is where the
  /// client is told to POST; the session's id is added.
  void open_legacy(const std::string& session_id, std::string last_event_id, std::string messages_path,
                   std::shared_ptr<runtime::exchange> http);

  /// A change that this node heard of, from itself or from another.
  void deliver(const runtime::change& what);
  /// Something changed here: tells every node, and every session that subscribed to it.
  void announce(const runtime::change& what);
  /// The store gave these sessions up.
  void expired(const std::vector<std::string>& session_ids);

  /// Regular housekeeping, every second or so.
  void tick();
  /// Ends the streams of sessions with a hint to come back; responses that are under way are still sent.
  void drain();
  /// Gives to other nodes, if there are any, the calls that can go on there. After `drain`.
  void hand_over_calls(movable which);
  /// Gives up what still runs; sessions stay in the store.
  void cancel_calls();
  /// Ends all actors; the io threads must still run. What is asked after that goes unanswered.
  void stop() { directory_.stop(); }

  /// Subjects on the bus. Subscribe to all before the bus starts.
  std::string node_subject() const { return subject_of(services_.node.node); }
  static constexpr const char* all_nodes_subject = "hydrant.nodes";
  static constexpr const char* changes_subject = "hydrant.changes";

  /// A message of another node.
  void receive(const node_message& what);
  void look_around() override;
  /// The store may have lost what it acknowledged last.
  void store_restarted();
  /// Messages of other nodes were lost: the same, and everybody who listens is told to look at all lists again.
  void catch_up();
  void adopt(const store::node_ref& dead, const std::vector<store::call_ref>& calls) override;
  void know_alive(std::vector<store::node_ref> processes) override;
  /// Whether the bus is there.
  void know_reachable(bool yes) { reachable_ = yes; }

  void tell(const std::string& node, const node_message& what) override;
  void tell_all(const node_message& what) override;
  bool reachable() const override { return reachable_.load(std::memory_order_relaxed); }
  bool alive(const store::node_ref& process) const override;
  std::string another() const override;

 private:
  void create(store::session_record record, std::function<void(base::result<>)> done);
  void open_new_legacy(const std::string& messages_path, std::shared_ptr<runtime::exchange> http);
  void tell_subscribers(const std::string& uri);
  void append_for(const std::string& session_id, const std::string& text);
  static std::string subject_of(std::string node);

  session_services services_;
  bus::bus& bus_;
  runtime::subscription_hub& hub_;
  std::atomic<bool> reachable_{true};
  std::size_t ticks_ = 0;  // the housekeeping thread's own
  mutable std::mutex alive_mutex_;
  std::optional<std::vector<store::node_ref>>
      alive_;                           // guarded by alive_mutex_; none: not known, all are taken for alive
  mutable std::size_t next_other_ = 0;  // the same
  session_directory directory_;         // last: its actors use all of the above
};

}  // namespace hydrant::actors
