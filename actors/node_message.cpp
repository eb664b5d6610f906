#include "actors/node_message.hpp"

#include "protocol/event_id.hpp"

#include <charconv>
#include <vector>

namespace hydrant::actors {
namespace {

constexpr std::size_t payload_bytes_max = 256 * 1024;  // a server of NATS takes 1 MiB a message unless told otherwise
constexpr std::size_t words_max = 8;
const std::string nobody = "-";

std::string event_text(const std::string& stream, store::position position) {
  return protocol::to_string(protocol::event_id{stream, position});
}

struct writer {
  std::string operator()(const push_message& push) const {
    const bool whole = push.whole && push.payload.size() <= payload_bytes_max;
    std::string out = "push " + push.stream.session + ' ' + event_text(push.stream.stream, push.where.previous) + ' ' +
                      event_text(push.stream.stream, push.where.id) + ' ' + std::to_string(push.where.epoch) +
                      (push.where.ends ? " 1" : " 0") + (whole ? " 1 " : " 0 ") +
                      (push.from.empty() ? nobody : push.from) + '\n';
    return whole ? out + push.payload : out;
  }
  std::string operator()(const ask_message& ask) const {
    return "ask " + ask.stream.session + ' ' + ask.stream.stream + ' ' + ask.from + '\n';
  }
  std::string operator()(const taken_message& taken) const {
    return "taken " + taken.stream.session + ' ' + event_text(taken.stream.stream, taken.newest) + '\n';
  }
  std::string operator()(const look_message& look) const { return "look " + look.session + '\n'; }
  std::string operator()(const lost_message& lost) const {
    return "lost " + lost.stream.session + ' ' + lost.stream.stream + ' ' + std::to_string(lost.epoch) + '\n';
  }
  std::string operator()(const cancel_message& cancel) const {
    return "cancel " + cancel.call.session + '\n' + cancel.call.request_id;
  }
  std::string operator()(const moved_message& moved) const {
    return "moved " + moved.call.session + '\n' + moved.call.request_id;
  }
  std::string operator()(const offer_message& offer) const {
    return "offer " + offer.call.session + ' ' + offer.owner.node + ' ' + offer.owner.boot + '\n' +
           offer.call.request_id;
  }
  std::string operator()(const ended_message& ended) const { return "ended " + ended.session + '\n'; }
};

struct session_reader {
  const std::string& operator()(const push_message& push) const { return push.stream.session; }
  const std::string& operator()(const ask_message& ask) const { return ask.stream.session; }
  const std::string& operator()(const taken_message& taken) const { return taken.stream.session; }
  const std::string& operator()(const look_message& look) const { return look.session; }
  const std::string& operator()(const lost_message& lost) const { return lost.stream.session; }
  const std::string& operator()(const cancel_message& cancel) const { return cancel.call.session; }
  const std::string& operator()(const moved_message& moved) const { return moved.call.session; }
  const std::string& operator()(const offer_message& offer) const { return offer.call.session; }
  const std::string& operator()(const ended_message& ended) const { return ended.session; }
};

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (!line.empty() && out.size() <= words_max) {
    const auto end = std::min(line.find(' '), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return out;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<bool> flag(std::string_view text) {
  if (text != "0" && text != "1") return std::nullopt;
  return text == "1";
}

std::optional<node_message> parse_push(const std::vector<std::string_view>& words, std::string_view rest) {
  const auto previous = protocol::parse_event_id(words[2]);
  const auto id = protocol::parse_event_id(words[3]);
  const auto epoch = number(words[4]);
  const auto ends = flag(words[5]);
  const auto whole = flag(words[6]);
  if (!previous || !id || previous->stream != id->stream || !epoch || !ends || !whole) return std::nullopt;
  push_message out{{std::string(words[1]), id->stream},
                   {},
                   *whole,
                   std::string(rest),
                   words[7] == nobody ? std::string() : std::string(words[7])};
  out.where.previous = previous->position;
  out.where.id = id->position;
  out.where.epoch = *epoch;
  out.where.ends = *ends;
  return out;
}

std::optional<node_message> parse_ask(const std::vector<std::string_view>& words) {
  if (!protocol::valid_stream_name(words[2])) return std::nullopt;
  return ask_message{{std::string(words[1]), std::string(words[2])}, std::string(words[3])};
}

std::optional<node_message> parse_taken(const std::vector<std::string_view>& words) {
  const auto id = protocol::parse_event_id(words[2]);
  if (!id) return std::nullopt;
  return taken_message{{std::string(words[1]), id->stream}, id->position};
}

std::optional<node_message> parse_lost(const std::vector<std::string_view>& words) {
  const auto epoch = number(words[3]);
  if (!epoch || !protocol::valid_stream_name(words[2])) return std::nullopt;
  return lost_message{{std::string(words[1]), std::string(words[2])}, *epoch};
}

}  // namespace

const std::string& session_of(const node_message& message) {
  return std::visit(session_reader{}, message);
}

std::string to_text(const node_message& message) {
  return std::visit(writer{}, message);
}

std::optional<node_message> parse_node_message(std::string_view text) {
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) return std::nullopt;
  const auto rest = text.substr(line_end + 1);
  const auto words = words_of(text.substr(0, line_end));
  if (words.size() < 2) return std::nullopt;
  const std::string session(words[1]);
  if (words[0] == "push" && words.size() == 8) return parse_push(words, rest);
  if (words[0] == "ask" && words.size() == 4) return parse_ask(words);
  if (words[0] == "taken" && words.size() == 3) return parse_taken(words);
  if (words[0] == "lost" && words.size() == 4) return parse_lost(words);
  if (words[0] == "offer" && words.size() == 4)
    return offer_message{{session, std::string(rest)}, {std::string(words[2]), std::string(words[3])}};
  if (words.size() != 2) return std::nullopt;
  if (words[0] == "cancel") return cancel_message{{session, std::string(rest)}};
  if (words[0] == "moved") return moved_message{{session, std::string(rest)}};
  if (words[0] == "look") return look_message{session};
  if (words[0] == "ended") return ended_message{session};
  return std::nullopt;
}

}  // namespace hydrant::actors
