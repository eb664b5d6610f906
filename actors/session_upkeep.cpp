// What a session does while no request comes: it lives on for its calls, looks after its streams, says good-bye.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"
#include "protocol/errors.hpp"
#include "protocol/sse.hpp"

#include <algorithm>
#include <random>

namespace hydrant::actors {

using base::error_kind;

namespace {

// All clients of a node that goes away come back; not all at once.
std::chrono::milliseconds jittered(const runtime::limits& bounds) {
  thread_local std::minstd_rand random(std::random_device{}());
  return bounds.retry +
         std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, bounds.drain_spread.count())(random));
}

}  // namespace

// A call that is under way is a request that is not answered yet, so its session lives. Open streams are compared with
// the store now and then: a message of another node may have been lost, or the session has expired there.
void session::keep_alive() {
  const auto now = services_.env.time.now();
  if (!calls_.empty() && now - kept_alive_at_ >= services_.env.bounds.session_ttl / 3) {
    kept_alive_at_ = now;
    services_.sessions.touch(id_, resume([](const base::result<store::session_pulse>&) {}));
  }
  if (now - looked_around_at_ < services_.env.bounds.look_around_every) return;
  looked_around_at_ = now;
  look_around();
  look_after_calls();
}

void session::later(std::chrono::milliseconds pause, std::function<void(session&)> then) {
  const auto timer = std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), pause);
  timer->async_wait([post = post_, timer, then = std::move(then)](boost::system::error_code) {
    post({turn_kind::housekeeping, then});
  });
}

// The store may have kept a change of ours whose answer got lost. A call that is ours there and that nobody runs here
// would never be answered; a stream to which no call writes would never end.
void session::look_after_calls() {
  services_.log.pending(id_, resume([this](const base::result<std::vector<store::pending_call>>& calls) {
                          if (!calls) return void(looked_around_at_ = {});
                          go_on_with_waiting(*calls);
                          for (const auto& entry : *calls) {
                            if (entry.owner != services_.node || calls_.contains(entry.request_id)) continue;
                            // On its way to another node, or out of the ledger.
                            if (drained_ || withdrawn_.contains(entry.request_id)) continue;
                            looked_around_at_ = {};  // again soon, in case that does not succeed
                            adopt_call(entry.request_id, services_.node);
                          }
                          for (const auto& stream : names_of_streams())
                            end_if_deserted(stream, *calls);
                        }));
}

// Twice in a row: what answers a batch without a call may still be on its way.
void session::end_if_deserted(const std::string& stream, const std::vector<store::pending_call>& calls) {
  auto& state = streams_[stream];
  const bool written = stream == main_stream || state.ended || answer_is_under_way(stream, state) ||
                       is_written_to(stream) || std::ranges::count(calls, stream, &store::pending_call::stream) > 0;
  if (!written && state.deserted) return end_stream(stream);
  state.deserted = !written;
}

void session::expired() {
  over_ = true;
  loaded_ = false;
  withdrawn_.clear();
  cancel_calls();
  close_streams(farewell::ended);
}

void session::cancel_calls() {
  for (auto& [id, call] : std::exchange(calls_, {}))
    stop_run(call);
}

// The newer connection is elsewhere; this one has nothing more to say.
void session::stream_lost(const std::string& stream, std::uint64_t epoch) {
  const auto found = streams_.find(stream);
  if (found != streams_.end() && found->second.out && found->second.feed.epoch() < epoch) found->second.out->close();
}

void session::look_around() {
  for (const auto& stream : names_of_streams()) {
    const auto state = streams_.find(stream);
    if (state == streams_.end() || !state->second.out) continue;
    services_.log.holder(key_of(stream),
                         resume([this, stream, epoch = state->second.feed.epoch()](
                                    const base::result<store::held>& held) { compare_holder(stream, epoch, held); }));
  }
}

void session::compare_holder(const std::string& stream, std::uint64_t epoch, const base::result<store::held>& held) {
  if (!held && held.error().kind == error_kind::session_not_found) return expired();
  const auto found = streams_.find(stream);
  if (found == streams_.end() || !found->second.out) return;
  const bool gone = !held && held.error().kind == error_kind::stream_gone;
  if (!held && !gone) return;
  // The store has forgotten that the stream is read here: its client attaches anew.
  if (found->second.feed.epoch() == epoch && (gone || held->epoch < epoch)) return found->second.out->close();
  if (gone) return;
  stream_lost(stream, held->epoch);
  look_for_more(stream, found->second);
}

// A copy: what the store says at once may change the streams.
std::vector<std::string> session::names_of_streams() const {
  std::vector<std::string> names;
  for (const auto& [name, state] : streams_)
    names.push_back(name);
  return names;
}

void session::look_for_more(const std::string& stream, open_stream_state& state) {
  if (state.feed.missed() == stream_state::step::pull) pull(stream, state);
}

// Lists are hints: whoever listens here is told, whoever comes later reads the list anyway.
void session::announce(const runtime::change& what) {
  const auto state = streams_.find(main_stream);
  if (!loaded_ || state == streams_.end() || !state->second.out) return;
  write(
      own_writer(main_stream),
      protocol::notification(runtime::notification_method(what.kind), "{" + runtime::notification_members(what) + "}"),
      nullptr);
}

void session::close_streams(farewell why) {
  drained_ = drained_ || why == farewell::drained;
  for (auto& [name, state] : streams_)
    if (state.out) why == farewell::drained ? send_away(name, state) : state.out->close();
  if (why == farewell::ended) {
    for (auto& [name, state] : std::exchange(streams_, {}))
      if (state.out) services_.env.measured.streams_open.Decrement();
  }
}

// To another node, while this one drains. A response that is on its way is still waited for. So is what the client came
// back for: some remember only the newest id of the present connection.
void session::send_away(const std::string& stream, open_stream_state& state) const {
  if (answer_is_under_way(stream, state) || state.feed.reading()) return;
  std::string hint;
  protocol::append_retry(hint, jittered(services_.env.bounds));
  state.out->write(std::move(hint));
  state.out->close();
}

bool session::answer_is_under_way(const std::string& stream, const open_stream_state& state) const {
  if (state.ended) return false;
  if (state.awaited > 0 || (state.own && !state.own->out.empty())) return true;
  return std::ranges::any_of(
      calls_, [&](const auto& entry) { return entry.second->response && entry.second->stream == stream; });
}

}  // namespace hydrant::actors
