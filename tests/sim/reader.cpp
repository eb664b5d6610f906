#include "tests/sim/reader.hpp"

namespace hydrant::sim {

std::shared_ptr<reader::connection> reader::connect(const std::shared_ptr<reader>& of) {
  return std::make_shared<connection>(of, ++of->connections_);
}

void reader::connection::take(const std::string& bytes) {
  std::vector<protocol::sse_event> events;
  const auto parsed = parser_.feed(bytes, events);
  const auto whose = reader_.lock();
  if (!whose) return;
  if (!parsed) whose->at_.violated("a stream cannot be parsed");
  for (const auto& heard : events) {
    if (!heard.data.empty()) whose->ids_.seen(whose->session_, heard.id, heard.data);
    if (newest()) whose->take(heard);
  }
}

bool reader::connection::newest() const {
  const auto whose = reader_.lock();
  return whose && whose->connections_ == number_;
}

void reader::take(const protocol::sse_event& heard) {
  const auto id = protocol::parse_event_id(heard.id);
  if (!id) return at_.violated("not an event id: " + heard.id);
  if (heard.data.empty()) return begin(*id);
  take_message(*id, heard.data);
}

// The priming event says where the reading goes on; that is where the client asked for it.
void reader::begin(const protocol::event_id& at) {
  if (begun()) {
    if (at.stream != stream_ || at.position != *cursor_)
      at_.violated("resumed at " + protocol::to_string(at) + " instead of " + last_event_id());
    return;
  }
  stream_ = at.stream;
  from_ = at.position;
  cursor_ = at.position;
}

void reader::take_message(const protocol::event_id& id, const std::string& data) {
  if (!begun()) return at_.violated("an event came before the stream was primed");
  if (id.stream != stream_ || id.position <= *cursor_)
    at_.violated("after " + last_event_id() + " came " + protocol::to_string(id));
  cursor_ = id.position;
  events_.push_back({id.position, data});
  auto text = data;
  const auto read = protocol::read_messages(text);
  if (!read || read->messages.size() != 1) return at_.violated("not a message: " + data);
  on_message_(read->messages.front());
}

}  // namespace hydrant::sim
