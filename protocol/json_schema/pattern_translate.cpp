#include "protocol/json_schema/pattern.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

// ECMA's WhiteSpace and LineTerminator, and everything else, as the inside of a character class.
constexpr std::string_view spaces =
    R"(\t-\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF})";
constexpr std::string_view not_spaces =
    R"(\x{0}-\x{8}\x{E}-\x{1F}!-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E})"
    R"(\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{FEFE}\x{FF00}-\x{10FFFF})";
constexpr std::string_view no_character = R"([^\x{0}-\x{10FFFF}])";
constexpr std::string_view any_character = R"([\x{0}-\x{10FFFF}])";

constexpr std::array category_names = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Letter", "L"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
});

/// What an escape or a class member stands for: one code point, or a set that is RE2 syntax for inside a class.
struct atom {
  char32_t code_point = 0;
  std::string set;  ///< empty: the code point
};

std::string literal(char32_t c) {
  const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c > 0x7f;
  if (plain && c < 0x80) return std::string(1, static_cast<char>(c));
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\\x{%X}", static_cast<unsigned>(c));
  return text.data();
}

bool is_alphanumeric(char32_t c) {
  return c < 0x80 && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

int hex_value(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A' + 10);
  return -1;
}

/// One pass over the pattern; the first fault ends it. Not recursive, so that nesting costs no stack.
class translator {
 public:
  explicit translator(std::u32string source) : source_{std::move(source)} {}

  base::result<std::string> run() {
    while (!done() && fault_.empty())
      step();
    if (fault_.empty() && open_groups_ > 0) fault_ = "a group is not closed";
    if (!fault_.empty()) return base::fail(base::error_kind::invalid_params, fault_);
    return std::move(out_);
  }

 private:
  bool done() const { return at_ >= source_.size(); }
  char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : U'\0'; }
  bool take(char32_t c) {
    if (done() || source_[at_] != c) return false;
    ++at_;
    return true;
  }
  void emit(std::string_view text, bool repeatable) {
    out_.append(text);
    repeatable_ = repeatable;
  }
  void set_fault(std::string text) {
    if (fault_.empty()) fault_ = std::move(text);
  }

  void step() {
    switch (const auto c = source_[at_++]) {
      case '\\': return escape();
      case '[': return character_class();
      case '(': return open_group();
      case ')': return close_group();
      case '|': return emit("|", false);
      case '^': return emit("^", false);
      case '$': return emit("\\z", false);
      case '.': return emit(R"([^\n\r\x{2028}\x{2029}])", true);
      case '*':
      case '+':
      case '?': return quantifier(std::string(1, static_cast<char>(c)));
      case '{': return brace();
      default: return emit(literal(c), true);
    }
  }

  void open_group() {
    ++open_groups_;
    if (take('?')) {
      const bool named = peek() == '<' && peek(1) != '=' && peek(1) != '!';
      if (named) {
        while (!done() && peek() != '>')
          ++at_;
        if (!take('>')) set_fault("a group's name is not closed");
      } else if (!take(':')) {
        set_fault(peek() == '=' || peek() == '!' || peek() == '<' ? "look-around is not supported"
                                                                  : "unknown kind of group, or inline flags");
      }
    }
    emit("(?:", false);
  }

  void close_group() {
    if (open_groups_ == 0) return set_fault("a group is closed that was not opened");
    --open_groups_;
    emit(")", true);
  }

  void quantifier(std::string_view text) {
    if (!repeatable_) return set_fault("there is nothing to repeat");
    emit(text, false);
    if (take('?')) out_ += '?';
  }

  /// `{2}`, `{2,}` and `{2,3}` repeat; any other brace is itself.
  void brace() {
    auto end = at_;
    const auto digits = [&] {
      const auto begin = end;
      while (end < source_.size() && source_[end] >= '0' && source_[end] <= '9')
        ++end;
      return end > begin;
    };
    bool counted = digits();
    if (counted && end < source_.size() && source_[end] == ',') {
      ++end;
      digits();
    }
    counted = counted && end < source_.size() && source_[end] == '}';
    if (!counted) return emit(literal('{'), true);
    const std::string text(source_.begin() + static_cast<std::ptrdiff_t>(at_ - 1),
                           source_.begin() + static_cast<std::ptrdiff_t>(end + 1));
    at_ = end + 1;
    quantifier(text);
  }

  void escape() {
    if (take('b')) return emit("\\b", false);
    if (take('B')) return emit("\\B", false);
    if (peek() >= '1' && peek() <= '9') return set_fault("back references are not supported");
    if (peek() == 'k') return set_fault("back references are not supported");
    const auto member = escaped_atom();
    emit(member.set.empty() ? literal(member.code_point) : "[" + member.set + "]", true);
  }

  /// After the backslash.
  atom escaped_atom() {
    if (done()) return fault_atom("it ends in a backslash");
    switch (const auto c = source_[at_++]) {
      case 'd': return {0, "\\d"};
      case 'D': return {0, "\\D"};
      case 'w': return {0, "\\w"};
      case 'W': return {0, "\\W"};
      case 's': return {0, std::string{spaces}};
      case 'S': return {0, std::string{not_spaces}};
      case 't': return {'\t', {}};
      case 'n': return {'\n', {}};
      case 'v': return {'\v', {}};
      case 'f': return {'\f', {}};
      case 'r': return {'\r', {}};
      case '0': return peek() >= '0' && peek() <= '9' ? fault_atom("octal escapes are not supported") : atom{};
      case 'c': return control_letter();
      case 'x': return {hex_digits(2), {}};
      case 'u': return {unicode_escape(), {}};
      case 'p':
      case 'P': return property(c == 'P');
      default:
        return is_alphanumeric(c) ? fault_atom("unknown escape \\" + std::string(1, static_cast<char>(c)))
                                  : atom{c, {}};
    }
  }

  atom fault_atom(std::string text) {
    set_fault(std::move(text));
    return {};
  }

  atom control_letter() {
    const auto c = peek();
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return fault_atom("\\c needs a letter");
    ++at_;
    return {c % 32, {}};
  }

  char32_t hex_digits(std::size_t count) {
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i, ++at_) {
      const int digit = hex_value(peek());
      if (digit < 0) {
        set_fault("a hexadecimal digit is missing");
        return 0;
      }
      value = value * 16 + static_cast<char32_t>(digit);
    }
    return value;
  }

  char32_t braced_hex() {
    char32_t value = 0;
    for (; hex_value(peek()) >= 0 && value <= 0x10ffff; ++at_) {
      value = value * 16 + static_cast<char32_t>(hex_value(peek()));
    }
    if (value > 0x10ffff || !take('}')) set_fault("\\u{} needs a code point");
    return value;
  }

  char32_t unicode_escape() {
    const auto first = take('{') ? braced_hex() : hex_digits(4);
    const bool leads_pair = first >= 0xd800 && first < 0xdc00 && peek() == '\\' && peek(1) == 'u' && peek(2) != '{';
    if (leads_pair) {
      at_ += 2;
      const auto second = hex_digits(4);
      if (second >= 0xdc00 && second < 0xe000) return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    }
    if (first >= 0xd800 && first < 0xe000) set_fault("a surrogate without its other half matches nothing");
    return first;
  }

  atom property(bool negated) {
    if (!take('{')) return fault_atom("\\p needs a name in braces");
    std::string name;
    for (; !done() && peek() != '}'; ++at_)
      name += peek() < 0x80 ? static_cast<char>(peek()) : '?';
    if (!take('}')) return fault_atom("\\p needs a name in braces");
    if (const auto equals = name.find('='); equals != name.npos) name.erase(0, equals + 1);
    for (const auto& [longer, shorter] : category_names) {
      if (name == longer) name = shorter;
    }
    return {0, std::string{negated ? "\\P{" : "\\p{"} + name + "}"};
  }

  void character_class() {
    const bool negated = take('^');
    if (take(']')) return emit(negated ? any_character : no_character, true);
    std::string text = negated ? "[^" : "[";
    while (!done() && peek() != ']' && fault_.empty())
      text += class_range();
    if (!take(']')) set_fault("a character class is not closed");
    emit(text + "]", true);
  }

  std::string class_range() {
    const auto first = class_atom();
    const bool ranged = peek() == '-' && peek(1) != ']' && at_ + 1 < source_.size();
    if (!ranged) return spelt(first);
    ++at_;
    const auto last = class_atom();
    if (!first.set.empty() || !last.set.empty()) return spelt(first) + literal('-') + spelt(last);
    if (first.code_point > last.code_point) set_fault("a range in a character class is the wrong way round");
    return spelt(first) + "-" + spelt(last);
  }

  atom class_atom() {
    if (!take('\\')) return {source_[at_++], {}};
    if (take('b')) return {'\b', {}};
    if (peek() >= '1' && peek() <= '9') return fault_atom("octal escapes are not supported");
    return escaped_atom();
  }

  static std::string spelt(const atom& member) { return member.set.empty() ? literal(member.code_point) : member.set; }

  const std::u32string source_;
  std::size_t at_ = 0;
  std::size_t open_groups_ = 0;
  bool repeatable_ = false;  ///< what was emitted last may take a quantifier
  std::string out_;
  std::string fault_;
};

/// nullopt: not UTF-8.
std::optional<std::u32string> code_points(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc0 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf8 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    char32_t c = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return std::nullopt;
      c = (c << 6) | (next & 0x3f);
    }
    out += c;
    i += length;
  }
  return out;
}

}  // namespace

base::result<std::string> translate_pattern(std::string_view ecma) {
  auto source = code_points(ecma);
  if (!source) return base::fail(base::error_kind::invalid_params, "not UTF-8");
  return translator{std::move(*source)}.run();
}

}  // namespace hydrant::protocol::json_schema
