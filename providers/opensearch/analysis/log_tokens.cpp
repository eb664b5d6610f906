#include "providers/opensearch/analysis/log_tokens.hpp"

#include "providers/opensearch/analysis/log_shapes.hpp"
#include "providers/opensearch/analysis/text_cursor.hpp"

#include <algorithm>
#include <array>

namespace hydrant::providers::opensearch {
namespace {

constexpr std::string_view joiners = "-./@#$+\\";

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

// Letters and digits in turn, or a run too long for a word: made by a machine, such as a7f3kq9 or a token.
bool is_made_up(std::string_view part) {
  constexpr std::size_t word_bytes_max = 64;
  std::size_t runs = 0;
  for (std::size_t i = 0; i < part.size(); ++i)
    if (is_digit(part[i]) && (i == 0 || !is_digit(part[i - 1]))) ++runs;
  const bool ascii = std::ranges::all_of(part, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return (ascii && part.size() > word_bytes_max) || (runs >= 2 && part.size() >= 5);
}

void append_part(std::string& to, std::string_view part) {
  if (is_made_up(part)) {
    to += "<ID>";
    return;
  }
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!is_digit(part[i])) {
      to += part[i];
    } else if (i == 0 || !is_digit(part[i - 1])) {
      to += "<NUM>";
    }
  }
}

class scanner {
 public:
  explicit scanner(std::string_view message)
      : rest_(message.substr(0, log_bounds::message_bytes_max)), cut_(rest_.size() < message.size()) {
    skip_space();
    is_json_ = rest_.starts_with('{');
  }

  std::vector<log_token> run() {
    for (; !rest_.empty() && tokens_.size() < log_bounds::tokens_max; skip_space())
      if (!take_quoted() && !take_shape() && !take_word()) take_mark();
    // The last token of a message that was cut may be half of one.
    if (cut_ && rest_.empty() && !tokens_.empty()) tokens_.pop_back();
    if (cut_ || !rest_.empty()) add("<...>", token_kind::mask);
    return std::move(tokens_);
  }

 private:
  void skip_space() {
    const auto* end = std::ranges::find_if_not(rest_, is_space);
    spaced_ = end != rest_.begin();
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
  }

  void add(std::string text, token_kind kind) { tokens_.push_back({std::move(text), kind, spaced_}); }

  bool take_quoted() {
    const char quote = rest_.front();
    if (is_json_ || (quote != '"' && quote != '\'')) return false;
    if (open_quote_ != '\0' || follows_equals()) {
      if (open_quote_ == '\0' || open_quote_ == quote) open_quote_ = open_quote_ == '\0' ? quote : '\0';
      return false;
    }
    const std::size_t bytes = quoted_bytes(rest_);
    if (bytes == 0) return false;
    add("<STR>", token_kind::mask);
    rest_.remove_prefix(bytes);
    return true;
  }

  bool follows_equals() const { return !spaced_ && !tokens_.empty() && tokens_.back().text == "="; }

  bool take_shape() {
    const auto shape = shape_of_token(rest_);
    if (shape.bytes == 0) return false;
    std::string text(shape.placeholder);
    rest_.remove_prefix(shape.bytes);
    const bool alone = !goes_on();
    append_rest(text);
    add(std::move(text), alone ? token_kind::mask : token_kind::word);
    return true;
  }

  bool take_word() {
    if (!is_word_byte(rest_.front())) return false;
    std::string text;
    append_rest(text);
    add(std::move(text), token_kind::word);
    return true;
  }

  void take_mark() {
    add(std::string(1, rest_.front()), token_kind::mark);
    rest_.remove_prefix(1);
  }

  bool at_word() const { return !rest_.empty() && is_word_byte(rest_.front()); }
  bool at_joiner() const {
    return rest_.size() > 1 && joiners.find(rest_[0]) != std::string_view::npos && is_word_byte(rest_[1]);
  }
  bool goes_on() const { return at_word() || at_joiner(); }

  // The parts of a word and what joins them, from where it stands.
  void append_rest(std::string& text) {
    for (bool begins = false; goes_on(); begins = true) {
      if (at_joiner()) {
        text += rest_.front();
        rest_.remove_prefix(1);
      } else if (!begins && !text.empty()) {
        // The unit after a number: no shape begins in the middle of letters.
        append_plain(text);
        continue;
      }
      const auto shape = shape_of_part(rest_);
      text += shape.placeholder;
      rest_.remove_prefix(shape.bytes);
      if (shape.bytes == 0) append_plain(text);
    }
  }

  void append_plain(std::string& text) {
    const auto* end = std::ranges::find_if_not(rest_, is_word_byte);
    const auto bytes = static_cast<std::size_t>(end - rest_.begin());
    append_part(text, rest_.substr(0, bytes));
    rest_.remove_prefix(bytes);
  }

  std::string_view rest_;
  const bool cut_;
  bool is_json_ = false;
  bool spaced_ = false;
  char open_quote_ = '\0';  // of a value whose content is being read
  std::vector<log_token> tokens_;
};

constexpr auto alarming = std::to_array<std::string_view>(
    {"abort",     "aborted",      "aborting",    "alert",      "backpressure", "broken",       "cancelled",
     "cannot",    "conflict",     "corrupt",     "corrupted",  "corruption",   "crash",        "crashed",
     "crit",      "critical",     "deadlock",    "degraded",   "denied",       "disconnected", "down",
     "dropped",   "emerg",        "err",         "error",      "errors",       "evicted",      "exceeded",
     "exception", "exhausted",    "expired",     "fail",       "failed",       "failing",      "fails",
     "failure",   "failures",     "fatal",       "forbidden",  "insufficient", "invalid",      "killed",
     "lost",      "malformed",    "mismatch",    "missing",    "oom",          "overflow",     "panic",
     "refused",   "rejected",     "retrying",    "severe",     "throttled",    "timeout",      "traceback",
     "unable",    "unauthorized", "unavailable", "unexpected", "unreachable",  "violation"});
static_assert(std::ranges::is_sorted(alarming));

constexpr std::array<std::string_view, 10> levels{"trace", "debug",   "info", "information", "notice",
                                                  "warn",  "warning", "ok",   "success",     "succeeded"};

// `part` is in lower case.
bool is_alarming_part(std::string_view part) {
  return std::ranges::binary_search(alarming, part) || part.ends_with("error") || part.ends_with("exception") ||
         part.ends_with("failure");
}

}  // namespace

std::vector<log_token> scan_message(std::string_view message) {
  return scanner(message).run();
}

std::string text_of(const std::vector<log_token>& tokens) {
  std::string text;
  for (const auto& token : tokens) {
    if (token.spaced && !text.empty()) text += ' ';
    text += token.text;
  }
  return text;
}

bool is_alarming(std::string_view word) {
  const std::string text = lower(word);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(joiners, begin), text.size());
    if (is_alarming_part(std::string_view(text).substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

bool is_level(std::string_view word) {
  return std::ranges::count(levels, lower(word)) > 0;
}

}  // namespace hydrant::providers::opensearch
