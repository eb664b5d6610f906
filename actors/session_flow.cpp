// A call that is faster than its client waits, so that no log overflows. The places in its window come back when the
// client has taken the events: the socket says so where it is here; the other node does, where the client reads there.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"

namespace hydrant::actors {
namespace {

constexpr std::size_t writes_between_tellings = 32;
constexpr store::position every_event{~std::uint64_t{0}, ~std::uint64_t{0}};
constexpr std::chrono::seconds patience{1};  // for a word of the node that holds the stream

}  // namespace

void session::owe(const std::string& stream, store::position id, std::shared_ptr<providers::flow_window> window) {
  const auto state = streams_.find(stream);
  if (state == streams_.end()) return window->leave(1);
  state->second.credits.push_back({id, std::move(window)});
  if (!state->second.out) watch_flow();
}

void session::settle_credits(open_stream_state& state, store::position taken) {
  while (!state.credits.empty() && state.credits.front().id <= taken) {
    state.credits.front().window->leave(1);
    state.credits.pop_front();
  }
}

void session::taken(const std::string& stream, store::position newest) {
  if (const auto state = streams_.find(stream); state != streams_.end()) settle_credits(state->second, newest);
}

void session::tell_writers(const std::string& stream, open_stream_state& state) {
  if (state.writers.empty() || (state.untold < writes_between_tellings && !state.feed.idle())) return;
  state.untold = 0;
  for (const auto& node : state.writers)
    services_.others.tell(node, taken_message{key_of(stream), state.feed.confirmed()});
}

void session::taken_wanted(const std::string& stream, const std::string& from) {
  const auto state = streams_.find(stream);
  if (state == streams_.end() || !state->second.out) return;
  state->second.writers.insert(from);
  services_.others.tell(from, taken_message{key_of(stream), state->second.feed.confirmed()});
}

// Words of other nodes may get lost, and a client may come back anywhere: so whoever waits asks, every second.
void session::watch_flow() {
  if (flow_timer_) return;
  flow_timer_ = std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), patience);
  flow_timer_->async_wait([post = post_](boost::system::error_code stopped) {
    if (!stopped) post({turn_kind::housekeeping, [](session& self) { self.check_flow(); }});
  });
}

void session::check_flow() {
  flow_timer_.reset();
  for (const auto& stream : names_of_streams()) {
    const auto state = streams_.find(stream);
    if (state == streams_.end() || state->second.credits.empty() || state->second.out) continue;
    watch_flow();
    services_.log.holder(key_of(stream), resume([this, stream](const base::result<store::held>& held) {
                           if (held) ask_holder(stream, *held);
                         }));
  }
}

void session::ask_holder(const std::string& stream, const store::held& held) {
  if (held.holder.node.empty() || held.holder == services_.node || !services_.others.alive(held.holder)) return;
  const auto state = streams_.find(stream);
  if (state == streams_.end()) return;
  // Nobody can tell how far the client is: better to go on slowly than not at all.
  if (!services_.others.reachable()) return settle_credits(state->second, every_event);
  services_.others.tell(held.holder.node, ask_message{key_of(stream), services_.node.node});
}

}  // namespace hydrant::actors
