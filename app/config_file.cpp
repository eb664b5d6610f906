#include "app/config_file.hpp"

#include "app/nearest_name.hpp"

#include <algorithm>
#include <set>

namespace hydrant::app {
namespace {

using nlohmann::json;

std::vector<std::string> names_for_the_file() {
  std::vector<std::string> names;
  for (const auto& key : config_table()) {
    if (key.in_file == file_use::refused) continue;
    names.emplace_back(key.name);
    const auto dot = key.name.find('.');
    if (dot != std::string_view::npos) names.emplace_back(key.name.substr(0, dot));
  }
  return names;
}

bool is_section(const std::string& name) {
  const auto& table = config_table();
  return std::any_of(table.begin(), table.end(), [&](const auto& key) { return key.name.starts_with(name + "."); });
}

/// Collects what one file holds. Lives for one call of parse_config_file().
class file_reader {
 public:
  explicit file_reader(const std::string& path) : where_(describe({origin::file, path})) {}

  config_file take() { return std::move(file_); }

  void report(std::string key, std::string what, std::string remedy) {
    file_.problems.push_back({std::move(key), where_, std::move(what), std::move(remedy)});
  }

  void read_object(const std::string& prefix, const json& object) {
    for (const auto& [name, member] : object.items())
      read_member(prefix + name, member);
  }

 private:
  void read_member(const std::string& name, const json& member) {
    if (const auto* key = find_key(name)) return read_value(*key, member);
    if (!is_section(name)) return report_unknown(name);
    if (!member.is_object()) return report(name, "is a section, not a setting", "Give an object with its settings.");
    read_object(name + ".", member);
  }

  void read_value(const config_key& key, const json& member) {
    const std::string name(key.name);
    if (key.in_file == file_use::refused) {
      return report(name, "cannot be set in a file", "Use " + flag_name(key) + " or " + variable_name(key) + ".");
    }
    auto written = words_of_json(key, member);
    if (!written) return report(name, written.error().message, "Give " + expectation(key) + ".");
    if (!file_.given.emplace(name, std::move(*written)).second) {
      report(name, "is given both nested and with a dot", "Keep one of the two.");
    }
  }

  void report_unknown(const std::string& name) {
    const auto near = nearest_name(name, names_for_the_file());
    report(name, "is not a setting",
           near.empty() ? "Remove it; \"hydrant serve --help\" lists every setting." : "Did you mean " + near + "?");
  }

  const std::string where_;
  config_file file_;
};

/// nlohmann keeps the last of two members of one name; a setting that silently loses is worth an error. Lives for one
/// parse, whose callback it is.
class twice_finder {
 public:
  bool operator()(int /*depth*/, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event != json::parse_event_t::key) return true;
    auto& object = open_.back();
    object.current = parsed.get<std::string>();
    if (!object.names.insert(object.current).second) twice_.push_back(path());
    return true;
  }

  const std::vector<std::string>& twice() const { return twice_; }

 private:
  struct open_object {
    std::set<std::string> names;
    std::string current;
  };

  std::string path() const {
    std::string path;
    for (const auto& object : open_)
      path.append(path.empty() ? "" : ".").append(object.current);
    return path;
  }

  std::vector<open_object> open_;
  std::vector<std::string> twice_;
};

// "[json.exception.parse_error.101] parse error at line 1, column 2: ...; last read: '...'" without the part for
// programmers, and without what was read: that may be a secret.
std::string reason_of(const json::exception& failure) {
  std::string text = failure.what();
  text.erase(0, text.find("] ") + 2);
  return text.substr(0, text.find("; last read"));
}

json parse_json(file_reader& reader, const std::string& text) {
  twice_finder names;
  try {
    auto parsed = json::parse(text, std::ref(names), /*allow_exceptions=*/true, /*ignore_comments=*/true);
    for (const auto& name : names.twice())
      reader.report(name, "is given twice", "Keep one of the two.");
    return parsed;
  } catch (const json::exception& failure) {
    reader.report("config", "the file is not JSON: " + reason_of(failure), "Correct the file at that place.");
    return json::object();
  }
}

}  // namespace

config_file parse_config_file(const std::string& path, const std::string& text) {
  file_reader reader(path);
  const auto root = parse_json(reader, text);
  if (root.is_object()) {
    reader.read_object({}, root);
  } else {
    reader.report("config", "the file does not hold a JSON object", "Put the settings between { and }.");
  }
  return reader.take();
}

}  // namespace hydrant::app
