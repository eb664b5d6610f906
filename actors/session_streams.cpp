// A session's streams: attaching sockets to logs, pushing, replaying, taking over.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"
#include "base/ids.hpp"
#include "protocol/errors.hpp"
#include "protocol/event_id.hpp"
#include "protocol/sse.hpp"

namespace hydrant::actors {

using base::error_kind;

/// Takes what happens to a socket into the session's turns. Called on the socket's io thread.
class session::stream_events final : public runtime::stream_watcher {
 public:
  stream_events(poster post, std::string stream, std::uint64_t epoch)
      : post_(std::move(post)), stream_(std::move(stream)), epoch_(epoch) {}

  void on_written(std::size_t writes) override {
    post_({turn_kind::stream,
           [stream = stream_, epoch = epoch_, writes](session& self) { self.stream_written(stream, epoch, writes); }});
  }
  void on_closed() override {
    post_(
        {turn_kind::stream, [stream = stream_, epoch = epoch_](session& self) { self.stream_closed(stream, epoch); }});
  }

 private:
  poster post_;
  std::string stream_;
  std::uint64_t epoch_;
};

// Where a new reader begins: the first reader of a stream gets all of it, a later one without a cursor what comes next.
void session::open_stream(const std::string& last_event_id, std::shared_ptr<runtime::exchange> http) {
  with_record(http, [this, last_event_id, http] {
    if (record_.transport == store::session_transport::http_sse)
      return refuse(http, base::fail(error_kind::invalid_request,
                                     "this session uses HTTP+SSE; reconnect with GET /sse?sessionId=<this session>"));
    if (last_event_id.empty()) return resume_stream(main_stream, std::nullopt, {}, http);
    const auto cursor = protocol::parse_event_id(last_event_id);
    if (!cursor) return refuse(http, base::fail(error_kind::invalid_params, "Last-Event-ID is not one of ours"));
    resume_stream(cursor->stream, cursor->position, {}, http);
  });
}

void session::open_legacy_stream(const std::string& last_event_id, std::string endpoint_event,
                                 std::shared_ptr<runtime::exchange> http) {
  with_record(http, [this, last_event_id, head = std::move(endpoint_event), http] {
    if (record_.transport != store::session_transport::http_sse)
      return refuse(http, base::fail(error_kind::invalid_request,
                                     "this session does not use HTTP+SSE; open its stream at the MCP endpoint"));
    if (last_event_id.empty()) return resume_stream(main_stream, std::nullopt, head, http);
    const auto cursor = protocol::parse_event_id(last_event_id);
    if (!cursor || cursor->stream != main_stream)
      return refuse(http, base::fail(error_kind::invalid_params, "Last-Event-ID is not one of this session's stream"));
    resume_stream(main_stream, cursor->position, head, http);
  });
}

void session::attach(const std::string& stream, std::function<void(base::result<store::attached>)> done) {
  ++attaching_[stream];
  services_.log.attach(key_of(stream), services_.node,
                       resume([this, stream, done = std::move(done)](const base::result<store::attached>& attached) {
                         store::appended early;
                         if (const auto pushed = early_.find(stream); pushed != early_.end()) early = pushed->second;
                         if (--attaching_[stream] == 0) {
                           attaching_.erase(stream);
                           early_.erase(stream);
                         }
                         done(attached);
                         if (attached && early.epoch >= attached->epoch) take_early(stream, attached->epoch);
                       }));
}

// An event that was appended after the attachment was pushed to us before we heard of it.
void session::take_early(const std::string& stream, std::uint64_t epoch) {
  const auto found = streams_.find(stream);
  if (found != streams_.end() && found->second.out && found->second.feed.epoch() == epoch)
    look_for_more(stream, found->second);
}

// The log is looked at before the response begins, because afterwards it is too late for a 404.
void session::resume_stream(const std::string& stream, std::optional<store::position> cursor, std::string head,
                            std::shared_ptr<runtime::exchange> http) {
  if (services_.env.measured.lasting_streams() >= services_.env.bounds.streams_max)
    return refuse(http,
                  base::fail(error_kind::overloaded, "this node serves as many streams as it may; try again later"));
  const auto look_at = cursor.value_or(store::position{});
  const bool fresh_main = !cursor && stream == main_stream;
  const auto take_it = [this, stream, cursor, head, http](bool ended) {
    attach(stream, [this, stream, cursor, head, http, ended](base::result<store::attached> attached) {
      if (!attached) return refuse(http, attached.error());
      if (ended) streams_[stream].ended = true;
      tell_previous_holder(stream, *attached);
      if (cursor) services_.env.measured.replays.Increment();
      const auto newest_read = attached->previous_epoch == 0 ? store::position{} : attached->last;
      begin_stream(stream, *attached, cursor.value_or(newest_read), head, http);
    });
  };
  if (fresh_main) return take_it(false);
  services_.log.read(
      key_of(stream), look_at, {1, 1}, resume([this, http, take_it](const base::result<store::replay>& held) {
        if (!held && held.error().kind == error_kind::unavailable) return refuse(http, held.error());
        if (!held)
          return refuse(http, base::fail(error_kind::session_not_found,
                                         "the stream of this Last-Event-ID is over and no longer kept"));
        if (held->follows == store::continuity::gap) {
          services_.env.measured.gaps_found.Increment();
          return refuse(http,
                        base::fail(error_kind::session_not_found,
                                   "events after this Last-Event-ID are no longer kept; initialize a new session"));
        }
        take_it(held->ended);
      }));
}

void session::tell_previous_holder(const std::string& stream, const store::attached& attached) {
  const auto& before = attached.previous_holder;
  if (before.node.empty()) return;
  services_.env.measured.takeovers.Increment();
  if (before != services_.node) services_.others.tell(before.node, lost_message{key_of(stream), attached.epoch});
}

std::string session::opening_bytes(const std::string& stream, store::position from) const {
  std::string out;
  protocol::append_retry(out, services_.env.bounds.retry);
  // Clients of HTTP+SSE take every event for a message.
  const bool prime =
      protocol::has_priming_event(revision_) && record_.transport == store::session_transport::streamable_http;
  if (prime)
    protocol::append_priming_event(out, protocol::to_string(protocol::event_id{stream, from}));
  else
    protocol::append_comment(out, "");
  return out;
}

void session::begin_stream(const std::string& stream, const store::attached& attached, store::position from,
                           std::string head, const std::shared_ptr<runtime::exchange>& http) {
  auto& state = streams_[stream];
  if (state.out)
    state.out->close();  // the newer connection wins
  else
    services_.env.measured.streams_open.Increment();
  const auto step = state.feed.attach(attached.epoch, from, attached.last);
  settle_credits(state, state.feed.confirmed());
  state.out = http->open_stream({head + opening_bytes(stream, from), {}},
                                std::make_shared<stream_events>(post_, stream, attached.epoch));
  if (step == stream_state::step::pull)
    pull(stream, state);
  else
    drop_if_done(stream);
  if (drained_) close_streams(farewell::drained);
}

// Letters that a stream's name may have; base64url has two others (protocol/event_id.hpp).
std::string session::new_stream_name() {
  auto name = base::random_token(9);
  for (auto& c : name)
    if (c == '-' || c == '_') c = c == '-' ? '.' : '~';
  return name;
}

void session::open_response_stream(std::shared_ptr<runtime::exchange> http, std::size_t responses,
                                   std::function<void(base::result<std::string>)> then) {
  const auto stream = new_stream_name();
  attach(stream, [this, stream, http, responses, then = std::move(then)](base::result<store::attached> attached) {
    if (!attached) {
      refuse(http, attached.error());
      return then(attached.error());
    }
    streams_[stream].awaited = responses;
    begin_stream(stream, *attached, {}, {}, http);
    then(stream);
  });
}

bool session::count_response(const std::string& stream) {
  const auto state = streams_.find(stream);
  return state != streams_.end() && state->second.awaited > 0 && --state->second.awaited == 0;
}

void session::pushed(const push_message& event) {
  const auto& stream = event.stream.stream;
  if (attaching_.contains(stream)) {
    auto& newest = early_[stream];
    if (event.where.epoch >= newest.epoch) newest = event.where;
  }
  if (const auto state = streams_.find(stream); state != streams_.end() && !event.from.empty())
    state->second.writers.insert(event.from);
  // An event that claims to follow nothing we know makes us read the log.
  auto told = event.where;
  if (!event.whole) told.previous = told.id;
  deliver(stream, told, event.payload);
  if (told.ends) drop_if_done(stream);
}

void session::deliver(const std::string& stream, const store::appended& where, const std::string& payload) {
  const auto state = streams_.find(stream);
  if (state != streams_.end() && where.ends) state->second.ended = true;
  const bool held_here = state != streams_.end() && state->second.out && state->second.feed.epoch() == where.epoch;
  if (held_here) return act(stream, state->second, state->second.feed.offer(where.previous, where.id), where, payload);
  if (where.holder.node.empty() || where.holder == services_.node) return;
  services_.others.tell(where.holder.node, push_message{key_of(stream), where, true, payload, services_.node.node});
}

void session::act(const std::string& stream, open_stream_state& state, stream_state::step step,
                  const store::appended& where, const std::string& payload) {
  switch (step) {
    case stream_state::step::write: return write_event(state, stream, where.id, payload);
    case stream_state::step::pull: return pull(stream, state);
    case stream_state::step::skip:
    case stream_state::step::nothing: return;
  }
}

void session::write_event(open_stream_state& state, const std::string& stream, store::position id,
                          const std::string& payload) {
  std::string bytes;
  bytes.reserve(payload.size() + stream.size() + 64);
  protocol::append_event(bytes, protocol::to_string(protocol::event_id{stream, id}), "message", payload);
  state.feed.handed(id, bytes.size());
  state.out->write(std::move(bytes));
}

void session::pull(const std::string& stream, open_stream_state& state) {
  state.feed.pulling();
  services_.log.read(key_of(stream), state.feed.position(), {64, 256 * 1024},
                     resume([this, stream, epoch = state.feed.epoch()](base::result<store::replay> read) {
                       take_replay(stream, epoch, std::move(read));
                     }));
}

void session::take_replay(const std::string& stream, std::uint64_t epoch, base::result<store::replay> read) {
  const auto found = streams_.find(stream);
  if (found == streams_.end() || found->second.feed.epoch() != epoch || !found->second.out) return;
  auto& state = found->second;
  if (!read || read->follows == store::continuity::gap) {
    // What follows would have a hole before it: end the stream, and the cursor that comes back will be told.
    services_.env.measured.gaps_found.Increment();
    return state.out->close();
  }
  services_.env.measured.replayed_events.Increment(static_cast<double>(read->events.size()));
  for (const auto& event : read->events)
    write_event(state, stream, event.id, event.payload);
  if (read->ended) state.ended = true;
  if (state.feed.pulled(read->more) == stream_state::step::pull) return pull(stream, state);
  drop_if_done(stream);
}

void session::end_stream(const std::string& stream) {
  services_.log.end(key_of(stream), resume([this, stream](const base::result<>& ended) {
                      if (!ended) later(std::chrono::seconds(1), [stream](session& self) { self.end_stream(stream); });
                      const auto state = streams_.find(stream);
                      if (state == streams_.end()) return;
                      state->second.ended = true;
                      drop_if_done(stream);
                    }));
}

// An ended stream is closed when its reader has all of it; one that nobody reads or writes is forgotten here. While a
// call writes and nobody reads, its window fills and it waits for the client, so that the log does not overflow.
void session::drop_if_done(const std::string& stream) {
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  auto& state = found->second;
  if (state.out) {
    if (state.ended && state.feed.caught_up()) return state.out->close();
    if (drained_) send_away(stream, state);
    return;
  }
  if (state.own && !state.own->out.empty()) return;
  if (!state.ended && (state.awaited > 0 || is_written_to(stream))) return;
  // Nobody here will confirm these any more.
  for (const auto& owed : state.credits)
    owed.window->leave(1);
  streams_.erase(found);
}

void session::stream_written(const std::string& stream, std::uint64_t epoch, std::size_t writes) {
  const auto found = streams_.find(stream);
  if (found == streams_.end() || found->second.feed.epoch() != epoch) return;
  const auto step = found->second.feed.sent(writes);
  settle_credits(found->second, found->second.feed.confirmed());
  found->second.untold += writes;
  tell_writers(stream, found->second);
  if (!found->second.out) return;
  if (step == stream_state::step::pull) return pull(stream, found->second);
  drop_if_done(stream);
}

// A socket that is not the newest of its stream any more has nothing to say.
void session::stream_closed(const std::string& stream, std::uint64_t epoch) {
  const auto found = streams_.find(stream);
  if (found == streams_.end() || found->second.feed.epoch() != epoch || !found->second.out) return;
  found->second.out.reset();
  found->second.feed.detach();
  services_.env.measured.streams_open.Decrement();
  services_.log.detach(key_of(stream), epoch, resume([](const base::result<>&) {}));
  if (!found->second.credits.empty()) watch_flow();
  drop_if_done(stream);
}

}  // namespace hydrant::actors
