#include "protocol/uri_template.hpp"

#include <simdjson.h>

#include <algorithm>

namespace hydrant::protocol {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool escape_at(std::string_view text, std::size_t i) {
  return i + 2 < text.size() && text[i] == '%' && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
}

bool alphanumeric(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool any_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool unreserved(char c) {
  return alphanumeric(c) || any_of(c, "-._~");
}

bool reserved(char c) {
  return any_of(c, ":/?#[]@!$&'()*+,;=");
}

/// RFC 6570 section 2.3, without percent escapes.
bool variable_name(std::string_view name) {
  const bool characters =
      std::all_of(name.begin(), name.end(), [](char c) { return alphanumeric(c) || c == '_' || c == '.'; });
  return characters && !name.empty() && name.front() != '.' && name.back() != '.' &&
         name.find("..") == std::string_view::npos;
}

void append_escaped(std::string& out, char c) {
  static constexpr char digits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out.append({'%', digits[byte >> 4], digits[byte & 15]});
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (!escape_at(text, i)) return std::nullopt;
    decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  if (!simdjson::validate_utf8(decoded.data(), decoded.size())) return std::nullopt;
  return decoded;
}

/// RFC 6570 section 2.1, in ASCII. Escapes must spell whole characters, or a match could end inside one.
bool literal_text(std::string_view text) {
  const bool characters =
      std::all_of(text.begin(), text.end(), [](char c) { return unreserved(c) || reserved(c) || c == '%'; });
  return characters && percent_decode(text).has_value();
}

}  // namespace

base::result<uri_template> uri_template::compile(std::string_view text) {
  const auto refuse = [](std::string why) {
    return base::fail(base::error_kind::invalid_params, "URI template: " + std::move(why));
  };
  if (text.empty() || text.size() > text_bytes_max) return refuse("must have 1 to 2048 bytes");
  uri_template made(text);
  while (!text.empty()) {
    const bool expression = text.front() == '{';
    const std::size_t end = expression ? text.find('}') : std::min(text.find('{'), text.size());
    if (end == std::string_view::npos) return refuse("an expression is not closed");
    const std::optional<std::string> problem =
        expression ? made.add_expression(text.substr(1, end - 1)) : made.add_literal(text.substr(0, end));
    if (problem) return refuse(*problem);
    text.remove_prefix(expression ? end + 1 : end);
  }
  return made;
}

std::optional<std::string> uri_template::add_expression(std::string_view expression) {
  const bool plus = expression.starts_with('+');
  const std::string_view name = expression.substr(plus ? 1 : 0);
  if (!variable_name(name)) return "only {name} and {+name} are supported";
  if (has_variable(name)) return "a variable is used twice";
  if (!parts_.empty() && parts_.back().kind != part_kind::literal) return "two expressions without text between them";
  if (variable_names().size() == variables_max) return "too many variables";
  parts_.push_back({plus ? part_kind::reserved : part_kind::simple, std::string(name)});
  return std::nullopt;
}

std::optional<std::string> uri_template::add_literal(std::string_view literal) {
  if (!literal_text(literal)) return "a character that must be percent-encoded";
  parts_.push_back({part_kind::literal, std::string(literal)});
  return std::nullopt;
}

bool uri_template::has_variable(std::string_view name) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [name](const part& p) { return p.kind != part_kind::literal && p.text == name; });
}

std::vector<std::string> uri_template::variable_names() const {
  std::vector<std::string> names;
  for (const part& p : parts_)
    if (p.kind != part_kind::literal) names.push_back(p.text);
  return names;
}

/// Fills a table backwards: from which places the rest of the URI has the form of the rest of the template. No place is
/// looked at twice for one part, so nothing can make it backtrack.
class uri_template::matcher {
 public:
  matcher(const std::vector<part>& parts, std::string_view uri)
      : parts_(parts), uri_(uri), reaches_end_(parts.size() + 1, std::vector<bool>(uri.size() + 1)) {
    reaches_end_.back().back() = true;
    for (std::size_t k = parts.size(); k-- > 0;)
      fill(k);
  }

  bool matches() const { return reaches_end_[0][0]; }

  /// The end of a variable that begins at `from` in a URI that matches: the first place where the rest still does.
  std::size_t end_of_variable(std::size_t k, std::size_t from) const {
    std::size_t end = after_unit(from);
    while (!reaches_end_[k + 1][end])
      end = after_unit(end);
    return end;
  }

 private:
  void fill(std::size_t k) {
    const std::vector<bool>& after = reaches_end_[k + 1];
    std::vector<bool>& here = reaches_end_[k];
    if (parts_[k].kind == part_kind::literal) {
      const std::string& literal = parts_[k].text;
      for (std::size_t i = 0; i + literal.size() <= uri_.size(); ++i)
        here[i] = after[i + literal.size()] && uri_.substr(i, literal.size()) == literal;
    } else {
      for (std::size_t i = uri_.size(); i-- > 0;)
        here[i] = admits(parts_[k].kind, i) && (after[after_unit(i)] || here[after_unit(i)]);
    }
  }

  bool admits(part_kind kind, std::size_t i) const {
    if (uri_[i] == '%') return escape_at(uri_, i);
    return kind == part_kind::reserved || !any_of(uri_[i], "/?#");
  }

  /// An escape is never split: `%2F` holds no literal `2`.
  std::size_t after_unit(std::size_t i) const { return i + (escape_at(uri_, i) ? 3 : 1); }

  const std::vector<part>& parts_;
  std::string_view uri_;
  std::vector<std::vector<bool>> reaches_end_;  // one row per part and one for the end, one column per place
};

std::optional<template_variables> uri_template::match(std::string_view uri) const {
  if (uri.size() > uri_bytes_max) return std::nullopt;
  // Most URIs belong to another template; its leading text tells without a table.
  if (parts_.front().kind == part_kind::literal && !uri.starts_with(parts_.front().text)) return std::nullopt;
  const matcher found(parts_, uri);
  if (!found.matches()) return std::nullopt;
  template_variables variables;
  std::size_t at = 0;
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const bool literal = parts_[k].kind == part_kind::literal;
    const std::size_t end = literal ? at + parts_[k].text.size() : found.end_of_variable(k, at);
    if (!literal) {
      std::optional<std::string> value = percent_decode(uri.substr(at, end - at));
      if (!value) return std::nullopt;
      variables.emplace(parts_[k].text, *std::move(value));
    }
    at = end;
  }
  return variables;
}

std::string uri_template::expand(const template_variables& variables) const {
  std::string uri;
  for (const part& p : parts_) {
    if (p.kind == part_kind::literal) {
      uri += p.text;
      continue;
    }
    const auto variable = variables.find(p.text);
    if (variable == variables.end()) continue;
    const std::string& value = variable->second;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool kept = p.kind == part_kind::reserved && (reserved(value[i]) || escape_at(value, i));
      if (kept || unreserved(value[i]))
        uri += value[i];
      else
        append_escaped(uri, value[i]);
    }
  }
  return uri;
}

}  // namespace hydrant::protocol
