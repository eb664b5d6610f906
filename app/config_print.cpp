#include "app/config_print.hpp"

namespace hydrant::app {
namespace {

enum class shown_as { member, comment };

bool is_empty_text(const setting_value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text && text->empty();
}

shown_as how_to_show(const effective_setting& setting) {
  if (setting.key->in_file == file_use::refused) return shown_as::comment;
  if (setting.key->secret == secrecy::secret) return shown_as::comment;
  const bool made_up = setting.where.from == origin::fallback && setting.key->fallback_from == fallback_kind::computed;
  return made_up ? shown_as::comment : shown_as::member;
}

std::string shown_value(const effective_setting& setting) {
  const bool masked = setting.key->secret == secrecy::secret && !is_empty_text(setting.value);
  return masked ? R"("***")" : json_of_value(*setting.key, setting.value).dump();
}

// "session", "ttl"; the section of a name without dots is empty.
std::pair<std::string_view, std::string_view> split_name(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return {{}, name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

/// Writes JSON with comments, line by line. A comma belongs to the next member, which only then is known to exist, and
/// must not end up in the comment of the last one: so the lines are kept until the end. Lives for one print_config().
class commented_json {
 public:
  void add(const effective_setting& setting) {
    const auto [section, name] = split_name(setting.key->name);
    enter(section);
    std::string text = '"' + std::string(name) + "\": " + shown_value(setting);
    if (how_to_show(setting) == shown_as::comment) {
      lines_.push_back({indent() + "// " + text, describe(setting.where), shown_as::comment});
      return;
    }
    add_comma();
    lines_.push_back({indent() + text, describe(setting.where), shown_as::member});
  }

  std::string take() {
    enter({});
    std::string out = "{\n";
    for (const auto& [text, comment, shown] : lines_) {
      out += text;
      if (!comment.empty()) out.append("  // ").append(comment);
      out += '\n';
    }
    return out + "}\n";
  }

 private:
  struct line {
    std::string text;
    std::string comment;
    shown_as shown;
  };

  void enter(std::string_view section) {
    if (section == section_) return;
    if (!section_.empty()) lines_.push_back({"  }", {}, shown_as::member});
    section_ = {};
    if (section.empty()) return;
    add_comma();
    lines_.push_back({"  \"" + std::string(section) + "\": {", {}, shown_as::member});
    section_ = section;
  }

  std::string indent() const { return section_.empty() ? "  " : "    "; }

  void add_comma() {
    for (auto last = lines_.rbegin(); last != lines_.rend(); ++last) {
      if (last->shown == shown_as::comment) continue;
      if (!last->text.ends_with('{')) last->text += ',';
      return;
    }
  }

  std::string_view section_;
  std::vector<line> lines_;
};

constexpr std::string_view page_head =
    R"(<!-- Made by scripts/generate-docs from the rows in app/config_table.cpp and app/*_keys.cpp. Edit those, not this page. -->

# Configuration

Every setting has a name, a flag of `hydrant serve`, an environment variable and a default. The flag wins over the
environment, the environment over the configuration file, the file over the default. Nothing is required: `hydrant serve`
alone runs one node on this machine.

```sh
hydrant serve --port 8080 --session-ttl 1h
PORT=8080 SESSION_TTL=1h hydrant serve
hydrant serve --config hydrant.json
```

where `hydrant.json` nests as the dots in the names do, and may hold comments:

```json
{
  "port": 8080,
  "session": {"ttl": "1h"}  // half an hour is too short for our users
}
```

All settings are checked before the node starts. If any is wrong, all that are wrong are listed with what to do about
each, and the program ends with status 2; what only turns out when a file is read or a provider is made ends it with
status 1 and a line in the log. `hydrant serve --print-config` shows the settings in effect and where each
came from, in the form of a configuration file, with secrets masked.

How values are written:

- **Durations**: a whole number with `ms`, `s`, `m`, `h` or `d`; a plain number counts seconds.
- **Byte counts**: a whole number with `KiB`, `MiB`, `GiB` (powers of 1024) or `KB`, `MB`, `GB` (powers of 1000); a plain
  number counts bytes.
- **Lists**: entries with commas between them; in the file also a JSON array. A flag may be repeated. A list replaces the
  one of a lower place, it is not added to it.
- **Switches**: `true` or `false`; the words `on`, `off`, `yes`, `no`, `1` and `0` do as well on the command line and in
  the environment. A flag alone means `true`, `--legacy-sse=false` turns one off.
- **Environment variables** that are empty count as not set.
)";

std::string reference_entry(const config_key& key) {
  const std::string name(key.name);
  std::string text = "\n### `" + name + "`\n\n";
  text.append(key.prose).append("\n\n");
  text.append("- Flag `").append(flag_name(key)).append("`, environment `").append(variable_name(key)).append("`");
  if (key.in_file == file_use::refused) text += "; cannot be set in a file";
  text.append("\n- Value: ").append(expectation(key));
  if (key.secret == secrecy::secret) text += "; secret, never shown";
  text.append("\n- Default: ");
  text.append(key.fallback.empty() ? describe_fallback(key) : "`" + describe_fallback(key) + "`").append("\n");
  return text;
}

}  // namespace

std::string print_config(const loaded_config& loaded) {
  commented_json out;
  for (const auto& setting : loaded.effective)
    out.add(setting);
  return out.take();
}

std::string config_reference() {
  std::string page(page_head);
  std::string_view section;
  for (const auto& key : config_table()) {
    if (key.section != section) page.append("\n## ").append(key.section).append("\n");
    section = key.section;
    page += reference_entry(key);
  }
  return page;
}

std::string describe_fallback(const config_key& key) {
  return std::string(key.fallback.empty() ? key.fallback_note : key.fallback);
}

}  // namespace hydrant::app
