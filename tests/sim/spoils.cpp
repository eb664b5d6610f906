#include "tests/sim/spoils.hpp"

#include <utility>

namespace hydrant::sim {

void spoils::append(const store::stream_key& stream, const store::producer_ref& producer, const std::string& payload,
                    store::completion<store::appended> done) {
  if (strikes(spoil::append_forgotten)) return done(pretended(stream));
  real_.append(stream, producer, payload, std::move(done));
}

void spoils::read(const store::stream_key& stream, store::position after, store::read_limits limits,
                  store::completion<store::replay> done) {
  real_.read(stream, after, limits, [this, done = std::move(done)](base::result<store::replay> read) {
    if (read && read->events.size() > 1) {
      if (strikes(spoil::read_skips))
        read->events.erase(read->events.begin());
      else if (strikes(spoil::id_reused))
        std::swap(read->events[0].payload, read->events[1].payload);
    }
    done(std::move(read));
  });
}

void spoils::finish(const std::string& session, const std::string& request, const store::node_ref& owner,
                    const std::string& response, store::stream_end then,
                    store::completion<std::optional<store::appended>> done) {
  const auto call = entry(session, request);
  const store::stream_key stream{session, call.stream};
  if (!call.stream.empty() && strikes(spoil::response_forgotten)) {
    const auto where = pretended(stream);
    real_.abandon(session, request, [](const auto&) {});
    return done(std::optional(where));
  }
  if (!call.stream.empty() && strikes(spoil::response_doubled)) real_.append(stream, {}, response, [](const auto&) {});
  const bool open = at_.spoilt == spoil::fence_open;
  real_.finish(session, request, open ? call.owner : owner, response, then, std::move(done));
}

// As if there were one event more than there is.
store::appended spoils::pretended(const store::stream_key& stream) {
  store::appended out;
  real_.read(stream, {}, {1'000'000, 1'000'000'000}, [&](const base::result<store::replay>& read) {
    if (read && !read->events.empty()) out.previous = read->events.back().id;
  });
  real_.holder(stream, [&](const base::result<store::held>& held) {
    if (held) out.holder = held->holder, out.epoch = held->epoch;
  });
  out.id = {out.previous.generation, out.previous.sequence + 1};
  return out;
}

store::pending_call spoils::entry(const std::string& session, const std::string& request) {
  store::pending_call out;
  real_.pending(session, [&](const base::result<std::vector<store::pending_call>>& calls) {
    for (const auto& call : *calls)
      if (call.request_id == request) out = call;
  });
  return out;
}

}  // namespace hydrant::sim
