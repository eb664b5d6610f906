#include "providers/opensearch/render/outline.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

using protocol::json;

namespace {

constexpr std::size_t inline_bytes_max = 160;
constexpr std::size_t placeholder_bytes = 32;
constexpr std::size_t levels_max = 12;

std::string plain(const json& value) {
  if (!value.is_string()) return protocol::to_text(value);
  auto text = value.get<std::string>();
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  return text;
}

bool all_plain(const json& value) {
  return std::none_of(value.begin(), value.end(), [](const json& one) { return one.is_structured() && !one.empty(); });
}

std::string on_one_line(const json& value) {
  if (!value.is_structured()) return plain(value);
  std::string out;
  for (auto at = value.begin(); at != value.end(); ++at) {
    if (!out.empty()) out += ", ";
    if (value.is_object()) out += at.key() + ": ";
    out += plain(*at);
  }
  return value.is_object() ? "{" + out + "}" : "[" + out + "]";
}

void write_members(std::string& out, const json& value, std::size_t indent);

void write(std::string& out, std::string label, const json* value, std::size_t indent) {
  while (value->is_object() && value->size() == 1) {
    label += "." + value->begin().key();
    value = &value->front();
  }
  out.append(indent, ' ').append(label).append(":");
  const bool is_short = !value->is_structured() || all_plain(*value);
  auto line = is_short ? on_one_line(*value) : std::string();
  if (is_short && (!value->is_object() || line.size() <= inline_bytes_max)) {
    out.append(" ").append(line).append("\n");
  } else {
    out += "\n";
    write_members(out, *value, indent + 2);
  }
}

void write_members(std::string& out, const json& value, std::size_t indent) {
  for (auto at = value.begin(); at != value.end(); ++at) {
    if (value.is_object()) {
      write(out, at.key(), &*at, indent);
    } else {
      out.append(indent, ' ').append("- ").append(plain(*at)).append("\n");
    }
  }
}

bool is_idle(const json& value) {
  if (value.is_structured()) return value.empty();
  return value.is_null() || value == 0 || value == false || value == "";
}

json placeholder(const json& value) {
  return "(" + std::to_string(value.size()) + (value.is_object() ? " members)" : " items)");
}

// Takes from `left` what the value costs with so many levels; false once it is not enough. Looks at no more than fits.
bool pays_for(const json& value, std::size_t levels, std::size_t& left) {
  const auto pay = [&left](std::size_t bytes) { return left >= bytes && ((left -= bytes), true); };
  if (!value.is_structured()) return pay(protocol::to_text(value).size());
  if (levels == 0) return pay(placeholder_bytes);
  if (!pay(2)) return false;
  for (auto at = value.begin(); at != value.end(); ++at) {
    if (value.is_object() && !pay(protocol::to_text(at.key()).size() + 1)) return false;
    if (!pay(1) || !pays_for(*at, levels - 1, left)) return false;
  }
  return true;
}

bool fits(const json& value, std::size_t levels, std::size_t bytes_max) {
  return pays_for(value, levels, bytes_max);
}

json cut_below(const json& value, std::size_t levels) {
  if (!value.is_structured()) return value;
  if (levels == 0) return placeholder(value);
  auto out = value.is_object() ? json::object() : json::array();
  for (auto at = value.begin(); at != value.end(); ++at) {
    if (value.is_object()) {
      out[at.key()] = cut_below(*at, levels - 1);
    } else {
      out.push_back(cut_below(*at, levels - 1));
    }
  }
  return out;
}

json first_members(const json& value, std::size_t bytes_max) {
  auto out = value.is_object() ? json::object() : json::array();
  for (auto at = value.begin(); at != value.end(); ++at) {
    auto bytes = value.is_object() ? at.key().size() * 2 + 4 : std::size_t{2};
    auto one = cut_below(*at, 0);
    bytes += protocol::to_text(one).size();
    if (bytes > bytes_max) break;
    bytes_max -= bytes;
    if (value.is_object()) {
      out[at.key()] = std::move(one);
    } else {
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace

const json& member(const json& of, std::string_view name) {
  static const json none;
  if (!of.is_object()) return none;
  const auto found = of.find(name);
  return found == of.end() ? none : *found;
}

std::string text_member(const json& of, std::string_view name) {
  const auto& found = member(of, name);
  if (found.is_string()) return found.get<std::string>();
  return found.is_null() ? std::string() : protocol::to_text(found);
}

std::string outline(const json& value) {
  if (!value.is_structured() || value.empty()) return plain(value) + "\n";
  std::string out;
  write_members(out, value, 0);
  return out;
}

json without_idle(const json& value) {
  if (!value.is_structured()) return value;
  auto out = value.is_object() ? json::object() : json::array();
  for (auto at = value.begin(); at != value.end(); ++at) {
    auto one = without_idle(*at);
    if (value.is_array()) {
      out.push_back(std::move(one));
    } else if (!is_idle(one)) {
      out[at.key()] = std::move(one);
    }
  }
  return out;
}

fitted fit_json(json value, std::size_t bytes_max) {
  if (fits(value, static_cast<std::size_t>(-1), bytes_max)) return {std::move(value), {}};
  for (auto levels = levels_max; levels > 0; --levels)
    if (fits(value, levels, bytes_max))
      return {cut_below(value, levels), "What nests deeper than " + std::to_string(levels) +
                                            (levels == 1 ? " level" : " levels") + " is left out: it is too much."};
  auto some = first_members(value, bytes_max);
  auto note = "Only the first " + std::to_string(some.size()) + " of " + std::to_string(value.size()) +
              " are named, without what they hold: it is too much.";
  return {std::move(some), std::move(note)};
}

}  // namespace hydrant::providers::opensearch
