#pragma once

// What hand-written matchers are made of: kinds of bytes, and a place in a text.

#include <cstddef>
#include <string_view>

namespace hydrant::providers::opensearch {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

inline bool is_hex_letter(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

inline bool is_hex(char c) {
  return is_digit(c) || is_hex_letter(c);
}

inline bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Part of a word: a letter, a digit, an underscore, or a byte of a character outside ASCII.
inline bool is_word_byte(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// A place in a text that moves on by what it finds.
class text_cursor {
 public:
  explicit text_cursor(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  bool take_any(std::string_view of) { return of.find(peek()) != std::string_view::npos && take(peek()); }
  template <class Predicate>
  std::size_t take_while(Predicate fits, std::size_t limit) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && at_ - begin < limit && fits(text_[at_]))
      ++at_;
    return at_ - begin;
  }
  /// Exactly that many digits.
  bool digits(std::size_t count) { return take_while(is_digit, count) == count && !is_digit(peek()); }
  /// True at the end of a word.
  bool ends() const { return !is_word_byte(peek()); }
  void back_to(std::size_t place) { at_ = place; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace hydrant::providers::opensearch
