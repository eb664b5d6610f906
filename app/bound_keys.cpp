#include "app/config_assign.hpp"

namespace hydrant::app {

namespace {

constexpr std::string_view sessions = "Sessions";
constexpr std::string_view streams = "Event streams";
constexpr std::string_view calls = "Calls";
constexpr std::string_view limits = "Limits of a connection";

}  // namespace

std::vector<config_key> session_keys() {
  return {
      {.section = sessions,
       .name = "session.ttl",
       .variable = "SESSION_TTL",
       .kind = value_kind::duration,
       .fallback = "30m",
       .range = {{second, 30 * day}},
       .assign = to<&config::session, &session_settings::ttl>,
       .prose = "How long a session lives after its last request. Its client is told 404 afterwards and starts a new "
                "one."},
      {.section = sessions,
       .name = "session.passivate-after",
       .kind = value_kind::duration,
       .fallback = "60s",
       .range = {{second, day}},
       .assign = to<&config::session, &session_settings::passivate_after>,
       .prose = "How long an idle session stays in the memory of the node. It is read back from the store when its "
                "client returns."},
      {.section = sessions,
       .name = "session.max",
       .kind = value_kind::integer,
       .fallback = "100000",
       .range = {{1, 10'000'000}},
       .assign = to<&config::session, &session_settings::sessions_max>,
       .prose = "How many sessions there may be at once: on this node, or on all together with the store `redis`. A "
                "client that "
                "asks for one more is told to try again later."},
      {.section = sessions,
       .name = "session.streams-max",
       .kind = value_kind::integer,
       .fallback = "8",
       .range = {{1, 1024}},
       .assign = to<&config::session, &session_settings::streams_max>,
       .prose =
           "How many event streams are kept for one session, beside those of its requests in flight. Finished ones "
           "make room; one more is refused."},
      {.section = sessions,
       .name = "session.pending-max",
       .kind = value_kind::integer,
       .fallback = "64",
       .range = {{1, 65536}},
       .assign = to<&config::session, &session_settings::pending_max>,
       .prose = "How many requests of one session may be in flight at once. One more is refused."},
  };
}

std::vector<config_key> stream_keys() {
  return {
      {.section = streams,
       .name = "stream.max",
       .kind = value_kind::integer,
       .fallback = "50000",
       .range = {{1, 1'000'000}},
       .assign = to<&config::stream, &stream_settings::streams_max>,
       .prose = "How many event streams a node holds open at once, over all sessions. One more is refused."},
      {.section = streams,
       .name = "stream.log-bytes-max",
       .kind = value_kind::bytes,
       .fallback = "4MiB",
       .range = {{64 * kib, gib}},
       .assign = to<&config::stream, &stream_settings::log_bytes_max>,
       .prose = "How many bytes of events are kept for a stream, so that a client can resume it. The oldest go first."},
      {.section = streams,
       .name = "stream.log-events-max",
       .kind = value_kind::integer,
       .fallback = "8192",
       .range = {{16, 1'000'000}},
       .assign = to<&config::stream, &stream_settings::log_events_max>,
       .prose = "How many events are kept for a stream, so that a client can resume it. The oldest go first."},
      {.section = streams,
       .name = "stream.finished-grace",
       .kind = value_kind::duration,
       .fallback = "60s",
       .range = {{0, hour}},
       .assign = to<&config::stream, &stream_settings::finished_grace>,
       .prose = "How long a stream that has carried its response can still be resumed. A client that lost its "
                "connection just before the response finds it there."},
      {.section = streams,
       .name = "stream.keep-alive",
       .kind = value_kind::duration,
       .fallback = "15s",
       .range = {{second, 10 * minute}},
       .assign = to<&config::stream, &stream_settings::keep_alive>,
       .prose = "How often a silent stream carries a comment. Keep it below the idle timeout of every proxy on the "
                "way."},
      {.section = streams,
       .name = "stream.retry",
       .kind = value_kind::duration,
       .fallback = "1s",
       .range = {{0, hour}},
       .assign = to<&config::stream, &stream_settings::retry>,
       .prose = "How long clients are asked to wait before they reconnect a stream. It is the retry field of the event "
                "stream."},
  };
}

std::vector<config_key> call_keys() {
  return {
      {.section = calls,
       .name = "call.max",
       .kind = value_kind::integer,
       .fallback = "10000",
       .range = {{1, 1'000'000}},
       .assign = to<&config::call, &call_settings::running_max>,
       .prose = "How many calls that take time a node runs at once, over all clients. One more is told to try again "
                "later."},
      {.section = calls,
       .name = "call.timeout",
       .kind = value_kind::duration,
       .fallback = "10m",
       .range = {{second, day}},
       .assign = to<&config::call, &call_settings::timeout>,
       .prose = "How long a call may run, from its start or from its client's last answer. It is cancelled then, and "
                "its client "
                "gets an error."},
      {.section = calls,
       .name = "call.ask-timeout",
       .kind = value_kind::duration,
       .fallback = "5m",
       .range = {{second, day}},
       .assign = to<&config::call, &call_settings::ask_timeout>,
       .prose = "How long a call waits for an answer from its client. That is for sampling, elicitation and roots."},
      {.section = calls,
       .name = "call.request-state-ttl",
       .kind = value_kind::duration,
       .fallback = "10m",
       .range = {{second, day}},
       .assign = to<&config::call, &call_settings::request_state_ttl>,
       .prose =
           "How long a request state is accepted back. It is what a client of 2026-07-28 returns together with the "
           "input that a call has asked for."},
  };
}

std::vector<config_key> size_limit_keys() {
  return {
      {.section = limits,
       .name = "limits.connections-max",
       .kind = value_kind::integer,
       .fallback = "20000",
       .range = {{1, 1'000'000}},
       .assign = to<&config::limits, &limit_settings::connections_max>,
       .prose = "How many connections a node holds at once. The limit of open files must leave room for them."},
      {.section = limits,
       .name = "limits.body-bytes-max",
       .kind = value_kind::bytes,
       .fallback = "4MiB",
       .range = {{kib, gib}},
       .assign = to<&config::limits, &limit_settings::body_bytes_max>,
       .prose = "The largest request body. A larger one is refused with 413."},
      {.section = limits,
       .name = "limits.header-bytes-max",
       .kind = value_kind::bytes,
       .fallback = "16KiB",
       .range = {{kib, mib}},
       .assign = to<&config::limits, &limit_settings::header_bytes_max>,
       .prose = "The largest request header, all fields together. A larger one is refused with 431."},
      {.section = limits,
       .name = "limits.json-depth-max",
       .kind = value_kind::integer,
       .fallback = "64",
       .range = {{8, 1024}},
       .assign = to<&config::limits, &limit_settings::json_depth_max>,
       .prose = "How deep the JSON of a request may nest."},
  };
}

std::vector<config_key> time_limit_keys() {
  constexpr value_range wait{100, hour};
  return {
      {.section = limits,
       .name = "limits.header-timeout",
       .kind = value_kind::duration,
       .fallback = "10s",
       .range = wait,
       .assign = to<&config::limits, &limit_settings::header_timeout>,
       .prose = "How long the header of a request may take to arrive, from its first byte."},
      {.section = limits,
       .name = "limits.body-timeout",
       .kind = value_kind::duration,
       .fallback = "30s",
       .range = wait,
       .assign = to<&config::limits, &limit_settings::body_timeout>,
       .prose = "How long the body of a request may take to arrive."},
      {.section = limits,
       .name = "limits.idle-timeout",
       .kind = value_kind::duration,
       .fallback = "75s",
       .range = wait,
       .assign = to<&config::limits, &limit_settings::idle_timeout>,
       .prose = "How long a connection may stay open between two requests. Keep it above the idle timeout of the load "
                "balancer in front, or requests are lost on connections that close under them."},
      {.section = limits,
       .name = "limits.write-timeout",
       .kind = value_kind::duration,
       .fallback = "30s",
       .range = wait,
       .assign = to<&config::limits, &limit_settings::write_timeout>,
       .prose =
           "How long one write to a client may take. A client that reads more slowly is cut off; it can resume its "
           "stream."},
  };
}

}  // namespace hydrant::app
