#include "store/redis/events.hpp"

#include "store/continuity.hpp"
#include "store/redis/keys.hpp"

#include <limits>
#include <utility>

namespace hydrant::store::redis {
namespace {

position position_of(const std::string& text) {
  return protocol::parse_log_position(text).value_or(position{});
}

// Redis knows no id above the highest one, and nothing is there.
std::string cursor_text(position after) {
  if (after.sequence == std::numeric_limits<std::uint64_t>::max()) --after.sequence;
  return protocol::to_string(after);
}

// {ok, ended, dropped, newest up to the cursor, more, id, payload, ...}
replay read_replay(const reply& from, position after) {
  replay found;
  found.ended = text_at(from, 1) == "1";
  found.more = number_at(from, 4) != 0;
  for (std::size_t i = 5; i + 1 < from.items.size(); i += 2)
    found.events.push_back({position_of(from.items[i].text), from.items[i + 1].text});
  const position dropped = position_of(text_at(from, 2));
  const std::string& seen = text_at(from, 3);
  const bool any_above = found.more || !found.events.empty();
  found.follows = follows(after, dropped, seen.empty() ? dropped : position_of(seen),
                          any_above ? events_above::some : events_above::none);
  return found;
}

}  // namespace

appended read_appended(const reply& from) {
  appended written;
  written.id = position_of(text_at(from, 1));
  written.previous = position_of(text_at(from, 2));
  written.holder = {text_at(from, 3), text_at(from, 4)};
  written.epoch = number_at(from, 5);
  written.duplicate = text_at(from, 0) == "duplicate";
  return written;
}

base::error stream_error(const named_script& from, const std::string& status) {
  using base::error_kind;
  if (status == "session_not_found") return base::fail(error_kind::session_not_found, "Session not found");
  if (status == "overloaded") return base::fail(error_kind::overloaded, "The session has too many open streams");
  if (status == "stream_gone") return base::fail(error_kind::stream_gone, "The stream has ended or is not there");
  if (status == "conflict") return base::fail(error_kind::conflict, "The producer's previous event has not arrived");
  return unexpected(from);
}

void redis_events::run(std::string_view session, const named_script& what, std::vector<std::string> arguments,
                       completion<reply> done) const {
  calls_.run(client::lane_of(session), what, {session_key(session)}, std::move(arguments), std::move(done));
}

void redis_events::append(const stream_key& stream, const producer_ref& producer, std::string payload,
                          completion<appended> done) {
  std::vector<std::string> arguments{stream.stream,
                                     producer.id,
                                     std::to_string(producer.sequence),
                                     std::move(payload),
                                     std::to_string(limits_.stream_events_max),
                                     std::to_string(limits_.stream_bytes_max),
                                     std::to_string(limits_.streams_per_session_max),
                                     std::to_string(limits_.producers_per_stream_max)};
  run(stream.session, scripts().stream_append, std::move(arguments),
      [done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        if (answer->kind == reply::type::array) return done(read_appended(*answer));
        done(stream_error(scripts().stream_append, status_of(*answer)));
      });
}

void redis_events::attach(const stream_key& stream, const node_ref& holder, completion<attached> done) {
  run(stream.session, scripts().stream_attach,
      {stream.stream, holder.node, holder.boot, std::to_string(limits_.streams_per_session_max)},
      [done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        if (status_of(*answer) != "ok") return done(stream_error(scripts().stream_attach, status_of(*answer)));
        done(attached{number_at(*answer, 1),
                      {text_at(*answer, 2), text_at(*answer, 3)},
                      number_at(*answer, 4),
                      position_of(text_at(*answer, 5))});
      });
}

void redis_events::detach(const stream_key& stream, std::uint64_t epoch, completion<> done) {
  run(stream.session, scripts().stream_detach, {stream.stream, std::to_string(epoch)},
      [done = std::move(done)](base::result<reply> answer) { answer ? done({}) : done(answer.error()); });
}

void redis_events::holder(const stream_key& stream, completion<held> done) {
  run(stream.session, scripts().stream_holder, {stream.stream}, [done = std::move(done)](base::result<reply> answer) {
    if (!answer) return done(answer.error());
    if (status_of(*answer) != "ok") return done(stream_error(scripts().stream_holder, status_of(*answer)));
    done(held{{text_at(*answer, 1), text_at(*answer, 2)}, number_at(*answer, 3)});
  });
}

void redis_events::read(const stream_key& stream, position after, read_limits limits, completion<replay> done) {
  run(stream.session, scripts().stream_read,
      {stream.stream, cursor_text(after), std::to_string(limits.events_max), std::to_string(limits.bytes_max)},
      [after, done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        if (status_of(*answer) != "ok") return done(stream_error(scripts().stream_read, status_of(*answer)));
        done(read_replay(*answer, after));
      });
}

void redis_events::end(const stream_key& stream, completion<> done) {
  run(stream.session, scripts().stream_end, {stream.stream, std::to_string(limits_.finished_stream_grace.count())},
      [done = std::move(done)](base::result<reply> answer) { answer ? done({}) : done(answer.error()); });
}

void redis_events::remove(std::string_view session, completion<> done) {
  run(session, scripts().log_forget, {},
      [this, session = std::string(session), done = std::move(done)](base::result<reply> answer) {
        if (!answer) return done(answer.error());
        owned_.remove_all(session, *answer);
        done({});
      });
}

}  // namespace hydrant::store::redis
