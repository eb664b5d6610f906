#include "protocol/sse.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

namespace hydrant::protocol {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Written out because find_first_of() is several times slower, and data lines are long.
std::size_t line_length(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
  return static_cast<std::size_t>(end - text.begin());
}

void append_line(std::string& out, std::string_view prefix, std::string_view value) {
  out.append(prefix).append(value).push_back('\n');
}

/// One line with `prefix` for each line of `text`; an empty text is one empty line.
void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
  while (true) {
    const std::size_t length = line_length(text);
    append_line(out, prefix, text.substr(0, length));
    if (length == text.size()) return;
    const bool crlf = text.substr(length).starts_with("\r\n");
    text.remove_prefix(length + (crlf ? 2 : 1));
  }
}

void append_single_line(std::string& out, std::string_view prefix, std::string_view value) {
  using namespace std::string_view_literals;
  const std::string_view safe = value.substr(0, value.find_first_of("\r\n\0"sv));
  if (!safe.empty()) append_line(out, prefix, safe);
}

}  // namespace

void append_event(std::string& out, std::string_view id, std::string_view event, std::string_view data) {
  append_single_line(out, "id: ", id);
  append_single_line(out, "event: ", event);
  append_lines(out, "data: ", data);
  out.push_back('\n');
}

void append_priming_event(std::string& out, std::string_view id) {
  append_event(out, id, {}, {});
}

void append_comment(std::string& out, std::string_view text) {
  append_lines(out, text.empty() ? ":" : ": ", text);
  out.push_back('\n');
}

void append_retry(std::string& out, milliseconds delay) {
  assert(delay.count() >= 0);
  append_line(out, "retry: ", std::to_string(delay.count()));
  out.push_back('\n');
}

base::result<void> sse_parser::feed(std::string_view bytes, std::vector<sse_event>& events) {
  if (!mark_decided_) bytes = without_byte_order_mark(bytes);
  while (!bytes.empty() && !failed_) {
    if (std::exchange(line_feed_may_follow_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t length = line_length(bytes);
    if (!fits(length)) {
      failed_ = true;
    } else if (length == bytes.size()) {
      line_.append(bytes);
      return {};
    } else {
      line_feed_may_follow_ = bytes[length] == '\r';
      end_line(bytes.substr(0, length), events);
      bytes.remove_prefix(length + 1);
    }
  }
  if (failed_) return base::fail(base::error_kind::too_large, "An event of the stream is too large");
  return {};
}

/// Swallows the mark at the start of the stream, also when it comes in pieces; what only looked like one is put back.
std::string_view sse_parser::without_byte_order_mark(std::string_view bytes) {
  while (!bytes.empty() && !mark_decided_) {
    if (bytes.front() != byte_order_mark[mark_bytes_seen_]) {
      line_.append(byte_order_mark.substr(0, mark_bytes_seen_));
      mark_decided_ = true;
    } else {
      bytes.remove_prefix(1);
      mark_decided_ = ++mark_bytes_seen_ == byte_order_mark.size();
    }
  }
  return bytes;
}

bool sse_parser::fits(std::size_t more) const {
  const std::size_t held = line_.size() + data_.size() + event_.size() + id_.size();
  return held <= event_bytes_max_ && more <= event_bytes_max_ - held;
}

void sse_parser::end_line(std::string_view rest_of_line, std::vector<sse_event>& events) {
  if (line_.empty()) {
    process_line(rest_of_line, events);
    return;
  }
  line_.append(rest_of_line);
  process_line(line_, events);
  line_.clear();
}

void sse_parser::process_line(std::string_view line, std::vector<sse_event>& events) {
  if (line.empty()) {
    dispatch(events);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    process_field(line, {});
    return;
  }
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  process_field(line.substr(0, colon), value);
}

/// A comment is a field with an empty name, and as unknown as any other.
void sse_parser::process_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    data_.append(value).push_back('\n');
  } else if (name == "event") {
    event_ = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  } else if (name == "retry") {
    set_retry(value);
  }
}

void sse_parser::set_retry(std::string_view value) {
  const bool digits_only = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  milliseconds::rep delay = 0;
  if (!digits_only || std::from_chars(value.data(), value.data() + value.size(), delay).ec != std::errc{}) return;
  retry_ = milliseconds(delay);
  retry_is_news_ = true;
}

void sse_parser::dispatch(std::vector<sse_event>& events) {
  last_event_id_ = id_;
  if (!data_.empty()) {
    data_.pop_back();
    sse_event event{last_event_id_, event_.empty() ? "message" : std::move(event_), std::move(data_), std::nullopt};
    if (std::exchange(retry_is_news_, false)) event.retry = retry_;
    events.push_back(std::move(event));
  }
  data_.clear();
  event_.clear();
}

}  // namespace hydrant::protocol
