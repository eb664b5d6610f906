#include "app/command_line.hpp"

#include "app/config_print.hpp"
#include "app/nearest_name.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace hydrant::app {
namespace {

constexpr int usage_error = 2;

// CLI11 hands this over for a flag without a value. Nobody types it, so an empty value stays apart from a missing one.
constexpr const char* no_value = "\x01";

constexpr std::string_view root_footer = R"(Examples:
  hydrant serve                       serve the demo tools at http://127.0.0.1:3000/mcp
  hydrant serve --help                every setting with its default
  hydrant serve --print-config        the settings in effect and where each came from)";

constexpr std::string_view serve_footer = R"(Examples:
  hydrant serve --port 8080 --session-ttl 1h
  PORT=8080 hydrant serve --host 0.0.0.0 --allowed-hosts mcp.example.com
  hydrant serve --config hydrant.json --print-config

A flag wins over the environment, the environment over the file, the file over
the default. docs/configuration.md has the whole story of each setting.)";

std::string_view type_name(value_kind kind) {
  switch (kind) {
    case value_kind::integer: return "NUMBER";
    case value_kind::duration: return "DURATION";
    case value_kind::bytes: return "BYTES";
    case value_kind::flag: return "[true|false]";
    case value_kind::list: return "LIST";
    case value_kind::choice: return "CHOICE";
    case value_kind::text: break;
  }
  return "TEXT";
}

std::string first_sentence(std::string_view prose) {
  const auto end = prose.find(". ");
  return std::string(prose.substr(0, end == std::string_view::npos ? prose.size() : end + 1));
}

std::string help_text(const config_key& key) {
  auto text = first_sentence(key.prose);
  if (key.kind == value_kind::choice || !key.choices.empty()) text += " Give " + expectation(key) + ".";
  return text + " [default: " + describe_fallback(key) + "; environment: " + variable_name(key) + "]";
}

std::string wrapped(std::string_view text, std::string_view indent) {
  constexpr std::size_t width = 80;
  std::string out;
  std::string line(indent);
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (line.size() > indent.size() && line.size() + 1 + word.size() > width) {
      out += line + "\n";
      line = indent;
    }
    line.append(line.size() > indent.size() ? " " : "").append(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return out + line + "\n";
}

/// Puts the text of an option below its name: with sixty options, columns would leave no room for either.
class help_formatter final : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    auto head = "  " + make_option_name(option, is_positional);
    if (!option->get_type_name().empty() && option->get_type_size() != 0) head += " " + option->get_type_name();
    return head + "\n" + wrapped(option->get_description(), "      ");
  }
};

struct parsed_arguments {
  flag_words flags;
  bool print_config = false;
  bool print_reference = false;
  std::vector<std::string> left_over;
};

/// The CLI11 application and what it collects. Lives for one call of parse_command_line().
class parser {
 public:
  explicit parser(const std::string& version)
      : root_("Hydrant: an MCP server that runs as any number of identical nodes.") {
    root_.name("hydrant");
    root_.set_version_flag("--version", "hydrant " + version, "Print the version and exit.");
    set_up(root_, root_footer);
    root_.require_subcommand(0, 1);
    serve_ = root_.add_subcommand("serve", "Run a node.");
    set_up(*serve_, serve_footer);
    serve_->add_flag("--print-config", arguments_.print_config, "Print the settings in effect and exit.");
    serve_->add_flag("--print-config-reference", arguments_.print_reference)->group("");
    for (const auto& key : config_table())
      add(key);
  }

  /// Throws what CLI11 throws.
  void parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    root_.parse(std::move(arguments));
    arguments_.left_over = root_.remaining(true);
  }

  /// Of the command that was named, or of the program. CLI11 puts two blank lines between groups.
  std::string help() const {
    auto text = root_.help();
    for (auto gap = text.find("\n\n\n"); gap != std::string::npos; gap = text.find("\n\n\n"))
      text.erase(gap, 1);
    return text;
  }

  bool serve_asked() const { return serve_->parsed(); }
  const parsed_arguments& arguments() const { return arguments_; }

 private:
  static void set_up(CLI::App& app, std::string_view footer) {
    app.set_help_flag("-h,--help", "Print this help and exit.");
    app.formatter(std::make_shared<help_formatter>());
    app.footer(std::string(footer));
    app.allow_extras();
  }

  // Values are taken as they are: the table knows what is right, and reports everything that is wrong at once.
  void add(const config_key& key) {
    const std::string name(key.name);
    auto keep = [this, name](const CLI::results_t& given) {
      arguments_.flags[name] = given;
      return true;
    };
    serve_->add_option(flag_name(key), CLI::callback_t(keep), help_text(key))
        ->group(std::string(key.section))
        ->type_name(std::string(type_name(key.kind)))
        ->default_str(no_value)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->expected(0, 1);
  }

  parsed_arguments arguments_;
  CLI::App root_;
  CLI::App* serve_ = nullptr;
};

const config_key* key_of_flag(std::string_view flag) {
  const auto& table = config_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [flag](const auto& key) { return flag_name(key) == flag; });
  return found == table.end() ? nullptr : &*found;
}

// Two things that CLI11 would take differently: "--flag=" is an empty value, and in "--port -1" the -1 is a value.
std::vector<std::string> prepare(int argc, const char* const* argv) {
  std::vector<std::string> out;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto* key = key_of_flag(argument);
    const std::string_view next = i + 1 < argc ? argv[i + 1] : "";
    if (key && key->kind != value_kind::flag && next.size() > 1 && next[0] == '-' && next[1] != '-') {
      out.push_back(argument + "=" + argv[++i]);
    } else if (argument.starts_with("--") && argument.ends_with('=') &&
               key_of_flag(argument.substr(0, argument.size() - 1))) {
      out.push_back(argument.substr(0, argument.size() - 1));
      out.emplace_back();
    } else {
      out.push_back(argument);
    }
  }
  return out;
}

std::vector<std::string> flags_without_hyphens() {
  std::vector<std::string> names{"help", "print-config"};
  for (const auto& key : config_table())
    names.push_back(flag_name(key).substr(2));
  return names;
}

problem unknown_flag(const std::string& argument) {
  const auto flag = argument.substr(0, argument.find('='));
  const auto near =
      nearest_name(flag.substr(std::min(flag.find_first_not_of('-'), flag.size())), flags_without_hyphens());
  return {flag, "command line", "is not a flag",
          near.empty() ? "\"hydrant serve --help\" lists all flags." : "Did you mean --" + near + "?"};
}

problem unknown_word(const std::string& word) {
  return {word, "command line", "is not expected here", "Put the name of a flag before it."};
}

// The word after an unknown flag is taken for its value and not reported on its own.
std::vector<problem> problems_with_rest(const std::vector<std::string>& rest) {
  std::vector<problem> problems;
  bool after_flag = false;
  for (const auto& argument : rest) {
    const bool is_flag = argument.size() > 1 && argument.front() == '-';
    if (is_flag) {
      problems.push_back(unknown_flag(argument));
    } else if (!after_flag) {
      problems.push_back(unknown_word(argument));
    }
    after_flag = is_flag && argument.find('=') == std::string::npos;
  }
  return problems;
}

// Turns what stood on the command line into words, and reports flags without a value or with two.
flag_words words_of_flags(const flag_words& given, std::vector<problem>& problems) {
  flag_words flags;
  for (const auto& [name, values] : given) {
    const auto& key = *find_key(name);
    const auto where = describe({origin::flag, flag_name(key)});
    if (key.kind != value_kind::list && values.size() > 1) {
      problems.push_back({name, where, "is given twice", "Keep one of the two."});
    }
    for (const auto& value : values) {
      if (value != no_value) {
        for (auto& word : split_words(key, value))
          flags[name].push_back(std::move(word));
        flags[name];
      } else if (key.kind == value_kind::flag) {
        flags[name].push_back("true");
      } else {
        problems.push_back({name, where, "has no value", "Give " + expectation(key) + "."});
      }
    }
  }
  return flags;
}

invocation text_answer(std::string text, int exit_code) {
  invocation answer;
  answer.text = std::move(text);
  if (!answer.text.ends_with('\n')) answer.text += '\n';
  answer.exit_code = exit_code;
  return answer;
}

invocation serve_answer(const parsed_arguments& arguments, const surroundings& around) {
  auto problems = problems_with_rest(arguments.left_over);
  const auto flags = words_of_flags(arguments.flags, problems);
  auto loaded = load_config(flags, around);
  problems.insert(problems.end(), loaded.problems.begin(), loaded.problems.end());
  if (!problems.empty()) return text_answer(format_problems(problems), usage_error);
  invocation answer;
  answer.what = arguments.print_config ? invocation::action::print_config : invocation::action::serve;
  if (arguments.print_config) answer.text = print_config(loaded);
  answer.settings = std::move(loaded.settings);
  answer.warnings = std::move(loaded.warnings);
  return answer;
}

invocation reference_answer() {
  auto answer = text_answer(config_reference(), 0);
  answer.what = invocation::action::print_reference;
  return answer;
}

// "hydrant", "hydrant --port 8080" (the command is missing), "hydrant srve".
invocation answer_without_command(const parser& command_line) {
  const auto& rest = command_line.arguments().left_over;
  if (rest.empty()) return text_answer(command_line.help(), usage_error);
  if (key_of_flag(rest.front().substr(0, rest.front().find('=')))) {
    return text_answer(
        "hydrant: " + rest.front() + " belongs to a command. Did you mean: hydrant serve " + rest.front(), usage_error);
  }
  const std::vector<std::string> commands{"serve"};
  const auto near = nearest_name(rest.front(), commands);
  return text_answer("hydrant: " + rest.front() + " is neither a command nor a flag of its own. " +
                         (near.empty() ? "See: hydrant --help" : "Did you mean: hydrant " + near),
                     usage_error);
}

}  // namespace

invocation parse_command_line(int argc, const char* const* argv, const surroundings& around) {
  parser command_line(around.version);
  try {
    command_line.parse(prepare(argc, argv));
  } catch (const CLI::CallForVersion& version) {
    return text_answer(version.what(), 0);
  } catch (const CLI::CallForHelp&) {
    return text_answer(command_line.help(), 0);
  } catch (const CLI::ParseError& failure) {
    return text_answer(std::string("hydrant: ") + failure.what(), usage_error);
  }
  if (!command_line.serve_asked()) return answer_without_command(command_line);
  if (command_line.arguments().print_reference) return reference_answer();
  return serve_answer(command_line.arguments(), around);
}

}  // namespace hydrant::app
