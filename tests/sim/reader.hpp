#pragma once

#include "protocol/event_id.hpp"
#include "protocol/message.hpp"
#include "protocol/sse.hpp"
#include "tests/sim/ground.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::sim {

/// What each event id of a session means, as far as any client has seen.
class id_meanings {
 public:
  explicit id_meanings(ground& at) : at_(at) {}
  void seen(const std::string& session, const std::string& id, const std::string& data) {
    const auto [known, fresh] = meanings_.emplace(std::pair(session, id), data);
    if (!fresh && known->second != data)
      at_.violated("an id means two things: " + session + " " + id + ": " + known->second + " and " + data);
  }

 private:
  ground& at_;
  std::map<std::pair<std::string, std::string>, std::string> meanings_;
};

/// A client's reading of one stream over all connections that carried it.
class reader {
 public:
  reader(ground& at, id_meanings& ids, std::string session, std::function<void(const protocol::message&)> on_message)
      : at_(at), ids_(ids), session_(std::move(session)), on_message_(std::move(on_message)) {}

  struct event {
    protocol::log_position id;
    std::string data;
  };

  /// One more connection; bytes of the older ones are not part of the reading any more.
  class connection {
   public:
    connection(std::weak_ptr<reader> of, std::uint64_t number) : reader_(std::move(of)), number_(number) {}
    void take(const std::string& bytes);
    bool newest() const;

   private:
    std::weak_ptr<reader> reader_;
    std::uint64_t number_;
    protocol::sse_parser parser_{1 << 20};
  };
  static std::shared_ptr<connection> connect(const std::shared_ptr<reader>& of);

  bool begun() const { return cursor_.has_value(); }
  const std::string& stream() const { return stream_; }
  /// What goes into Last-Event-ID.
  std::string last_event_id() const {
    return begun() ? protocol::to_string(protocol::event_id{stream_, *cursor_}) : "";
  }
  /// Where the reading began: events above it count.
  protocol::log_position from() const { return from_; }
  const std::vector<event>& events() const { return events_; }

 private:
  void take(const protocol::sse_event& heard);
  void begin(const protocol::event_id& at);
  void take_message(const protocol::event_id& id, const std::string& data);

  ground& at_;
  id_meanings& ids_;
  const std::string session_;
  const std::function<void(const protocol::message&)> on_message_;
  std::uint64_t connections_ = 0;
  std::string stream_;
  std::optional<protocol::log_position> cursor_;
  protocol::log_position from_;
  std::vector<event> events_;
};

}  // namespace hydrant::sim
