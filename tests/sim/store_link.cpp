#include "tests/sim/store_link.hpp"

namespace hydrant::sim {

namespace {

constexpr std::string_view of_nodes = "nodes";  // lane

std::string lane_word(std::string_view what, std::string_view detail) {
  return std::string(what).append(" ").append(detail);
}

}  // namespace

bool store_link::away() const {
  if (at_.sky.calm) return false;
  const auto now = at_.time.now();
  const auto cut = at_.sky.store_unreachable_until.find(from_->self.node);
  return now < at_.sky.store_away_until || (cut != at_.sky.store_unreachable_until.end() && now < cut->second);
}

void linked_sessions::create(store::session_record record, std::chrono::milliseconds ttl, store::completion<> done) {
  const std::string id = record.id;
  link_.ask<void>(
      id, "create", [this, record, ttl](auto then) { real_.create(record, ttl, std::move(then)); }, std::move(done));
}
void linked_sessions::load(std::string_view id, store::completion<store::session_record> done) {
  link_.ask<store::session_record>(
      id, "load", [this, id = std::string(id)](auto then) { real_.load(id, std::move(then)); }, std::move(done));
}
void linked_sessions::touch(std::string_view id, store::completion<store::session_pulse> done) {
  link_.ask<store::session_pulse>(
      id, "touch", [this, id = std::string(id)](auto then) { real_.touch(id, std::move(then)); }, std::move(done));
}
void linked_sessions::update(store::session_record record, store::completion<std::uint64_t> done) {
  const std::string id = record.id;
  link_.ask<std::uint64_t>(
      id, "update", [this, record](auto then) { real_.update(record, std::move(then)); }, std::move(done));
}
void linked_sessions::remove(std::string_view id, store::completion<bool> done) {
  link_.ask<bool>(
      id, "remove", [this, id = std::string(id)](auto then) { real_.remove(id, std::move(then)); }, std::move(done));
}
void linked_sessions::subscribe(std::string_view id, std::string_view uri, store::completion<> done) {
  link_.ask<void>(
      id, "subscribe",
      [this, id = std::string(id), uri = std::string(uri)](auto then) { real_.subscribe(id, uri, std::move(then)); },
      std::move(done));
}
void linked_sessions::unsubscribe(std::string_view id, std::string_view uri, store::completion<> done) {
  link_.ask<void>(
      id, "unsubscribe",
      [this, id = std::string(id), uri = std::string(uri)](auto then) { real_.unsubscribe(id, uri, std::move(then)); },
      std::move(done));
}
void linked_sessions::subscribers(std::string_view uri, store::completion<std::vector<std::string>> done) {
  link_.ask<std::vector<std::string>>(
      uri, "subscribers", [this, uri = std::string(uri)](auto then) { real_.subscribers(uri, std::move(then)); },
      std::move(done));
}
void linked_sessions::count(store::completion<std::size_t> done) {
  real_.count(std::move(done));
}

void linked_events::append(const store::stream_key& stream, const store::producer_ref& producer, std::string payload,
                           store::completion<store::appended> done) {
  const auto what = lane_word("append", producer.id) + " " + std::to_string(producer.sequence) + " " + stream.stream;
  link_.ask<store::appended>(
      stream.session, what,
      [this, stream, producer, payload = std::move(payload)](auto then) {
        sees_.wrote(stream);
        spoilt_.append(stream, producer, payload, std::move(then));
      },
      std::move(done));
}
void linked_events::attach(const store::stream_key& stream, const store::node_ref& holder,
                           store::completion<store::attached> done) {
  link_.ask<store::attached>(
      stream.session, lane_word("attach", stream.stream),
      [this, stream, holder](auto then) {
        sees_.wrote(stream);
        real_.attach(stream, holder, std::move(then));
      },
      std::move(done));
}
void linked_events::detach(const store::stream_key& stream, std::uint64_t epoch, store::completion<> done) {
  link_.ask<void>(
      stream.session, lane_word("detach", stream.stream),
      [this, stream, epoch](auto then) { real_.detach(stream, epoch, std::move(then)); }, std::move(done));
}
void linked_events::holder(const store::stream_key& stream, store::completion<store::held> done) {
  link_.ask<store::held>(
      stream.session, lane_word("holder", stream.stream),
      [this, stream](auto then) { real_.holder(stream, std::move(then)); }, std::move(done));
}
void linked_events::read(const store::stream_key& stream, store::position after, store::read_limits limits,
                         store::completion<store::replay> done) {
  link_.ask<store::replay>(
      stream.session, lane_word("read", protocol::to_string(protocol::event_id{stream.stream, after})),
      [this, stream, after, limits](auto then) { spoilt_.read(stream, after, limits, std::move(then)); },
      std::move(done));
}
void linked_events::end(const store::stream_key& stream, store::completion<> done) {
  link_.ask<void>(
      stream.session, lane_word("end", stream.stream),
      [this, stream](auto then) { real_.end(stream, std::move(then)); }, std::move(done));
}
void linked_events::begin(store::pending_call call, store::completion<> done) {
  const auto session = call.session;
  const auto what = lane_word("begin", call.request_id);
  link_.ask<void>(
      session, what,
      [this, call = std::move(call)](store::completion<> then) {
        real_.begin(call, [this, &call, then = std::move(then)](const base::result<>& begun) {
          if (begun) sees_.owned(call);
          then(begun);
        });
      },
      std::move(done));
}
void linked_events::revise(store::pending_call call, store::completion<std::uint64_t> done) {
  const auto session = call.session;
  const auto what = lane_word("revise", call.request_id) + " v" + std::to_string(call.version) + " for " +
                    call.owner.node + "/" + call.owner.boot;
  link_.ask<std::uint64_t>(
      session, what,
      [this, call = std::move(call)](store::completion<std::uint64_t> then) {
        real_.revise(call, [this, &call, then = std::move(then)](const base::result<std::uint64_t>& version) {
          if (version) sees_.owned(call);
          then(version);
        });
      },
      std::move(done));
}
void linked_events::finish(std::string_view session, std::string_view request_id, const store::node_ref& owner,
                           std::string response, store::stream_end end,
                           store::completion<std::optional<store::appended>> done) {
  using outcome = std::optional<store::appended>;
  link_.ask<outcome>(
      session, lane_word("finish", request_id),
      [this, session = std::string(session), request = std::string(request_id), owner, response = std::move(response),
       end](store::completion<outcome> then) {
        spoilt_.finish(session, request, owner, response, end,
                       [&, then = std::move(then)](const base::result<outcome>& finished) {
                         if (finished && *finished) sees_.finished(session, request, owner);
                         then(finished);
                       });
      },
      std::move(done));
}
void linked_events::abandon(std::string_view session, std::string_view request_id,
                            store::completion<std::optional<store::pending_call>> done) {
  using outcome = std::optional<store::pending_call>;
  link_.ask<outcome>(
      session, lane_word("abandon", request_id),
      [this, session = std::string(session), request = std::string(request_id)](store::completion<outcome> then) {
        real_.abandon(session, request, [&, then = std::move(then)](const base::result<outcome>& abandoned) {
          if (abandoned && *abandoned) sees_.abandoned(session, request);
          then(abandoned);
        });
      },
      std::move(done));
}
void linked_events::pending(std::string_view session, store::completion<std::vector<store::pending_call>> done) {
  link_.ask<std::vector<store::pending_call>>(
      session, "pending", [this, id = std::string(session)](auto then) { real_.pending(id, std::move(then)); },
      std::move(done));
}
void linked_events::remove(std::string_view session, store::completion<> done) {
  link_.ask<void>(
      session, "forget", [this, id = std::string(session)](auto then) { real_.remove(id, std::move(then)); },
      std::move(done));
}

void linked_nodes::beat(const store::node_ref& self, std::string about, std::chrono::milliseconds ttl,
                        store::completion<> done) {
  link_.ask<void>(
      of_nodes, "beat", [this, self, about, ttl](auto then) { real_.beat(self, about, ttl, std::move(then)); },
      std::move(done));
}
void linked_nodes::leave(const store::node_ref& self, store::completion<> done) {
  link_.ask<void>(
      of_nodes, "leave", [this, self](auto then) { real_.leave(self, std::move(then)); }, std::move(done));
}
void linked_nodes::list(store::completion<std::vector<store::known_node>> done) {
  link_.ask<std::vector<store::known_node>>(
      of_nodes, "list", [this](auto then) { real_.list(std::move(then)); }, std::move(done));
}
void linked_nodes::orphans(const store::node_ref& dead, std::size_t max,
                           store::completion<std::vector<store::call_ref>> done) {
  link_.ask<std::vector<store::call_ref>>(
      of_nodes, lane_word("orphans", dead.node + "/" + dead.boot),
      [this, dead, max](auto then) { real_.orphans(dead, max, std::move(then)); }, std::move(done));
}
void linked_nodes::bury(const store::node_ref& dead, store::completion<> done) {
  link_.ask<void>(
      of_nodes, lane_word("bury", dead.node + "/" + dead.boot),
      [this, dead](auto then) { real_.bury(dead, std::move(then)); }, std::move(done));
}

}  // namespace hydrant::sim
