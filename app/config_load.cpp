#include "app/config_load.hpp"

#include "app/config_file.hpp"
#include "app/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace hydrant::app {
namespace {

constexpr std::string_view config_key_name = "config";

base::result<std::string> read_whole_file(const std::string& path) {
  const auto close = [](std::FILE* file) { return std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
  std::string text;
  std::array<char, 4096> part{};
  while (file && !std::ferror(file.get()) && !std::feof(file.get())) {
    text.append(part.data(), std::fread(part.data(), 1, part.size(), file.get()));
  }
  if (file && !std::ferror(file.get())) return text;
  return base::fail(base::error_kind::unavailable, std::generic_category().message(errno));
}

environment variables_of_process() {
  environment variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

// A host name may hold what a node id may not; other bytes become hyphens.
std::string default_node_id(const surroundings& around) {
  constexpr std::size_t host_part_max = 100;
  std::string id = around.host_name.empty() ? "node" : around.host_name.substr(0, host_part_max);
  const auto* form = find_key("node-id")->form;
  for (char& c : id) {
    if (!form->accepts(std::string_view(&c, 1))) c = '-';
  }
  return id + "-" + std::to_string(around.process_id);
}

struct written_value {
  words value;
  source where;
};

/// Collects one load. Lives for one call of load_config().
class loader {
 public:
  loader(const flag_words& flags, const surroundings& around) : flags_(flags), around_(around) {}

  loaded_config load() {
    read_file();
    for (const auto& key : config_table())
      take_setting(key);
    warn_about_variables();
    check_urls();
    warn_about_unused_urls();
    warn_about_open_host();
    warn_about_unchecked_certificates();
    return std::move(loaded_);
  }

 private:
  void read_file() {
    const auto named = from_process(*find_key(config_key_name));
    if (!named || named->value.empty() || named->value.front().empty()) return;
    path_ = named->value.front();
    const auto text = around_.read_file(path_);
    if (!text) {
      loaded_.problems.push_back({std::string(config_key_name), describe(named->where),
                                  "cannot read \"" + path_ + "\": " + text.error().message,
                                  "Name a file that this process may read."});
      return;
    }
    auto file = parse_config_file(path_, *text);
    in_file_ = std::move(file.given);
    loaded_.problems = std::move(file.problems);
  }

  std::optional<written_value> from_process(const config_key& key) const {
    if (const auto flag = flags_.find(key.name); flag != flags_.end()) {
      return written_value{flag->second, {origin::flag, flag_name(key)}};
    }
    const auto variable = around_.variables.find(variable_name(key));
    if (variable == around_.variables.end() || variable->second.empty()) return std::nullopt;
    return written_value{split_words(key, variable->second), {origin::variable, variable->first}};
  }

  written_value find_written(const config_key& key) const {
    if (auto found = from_process(key)) return *found;
    if (const auto member = in_file_.find(key.name); member != in_file_.end()) {
      return {member->second, {origin::file, path_}};
    }
    if (key.fallback_from == fallback_kind::computed) return {{default_node_id(around_)}, {}};
    return {split_words(key, key.fallback), {}};
  }

  void take_setting(const config_key& key) {
    auto written = find_written(key);
    const auto value = parse_value(key, written.value);
    if (!value) {
      loaded_.problems.push_back(
          {std::string(key.name), describe(written.where), value.error().message, "Give " + expectation(key) + "."});
      return;
    }
    key.assign(loaded_.settings, *value);
    loaded_.effective.push_back({&key, *value, std::move(written.where)});
  }

  // Not an error: Kubernetes gives every pod of a service named hydrant variables such as HYDRANT_SERVICE_HOST and
  // HYDRANT_PORT_3000_TCP.
  void warn_about_variables() {
    std::vector<std::string> known;
    for (const auto& key : config_table())
      known.push_back(variable_name(key));
    for (const auto& [name, value] : around_.variables) {
      if (!name.starts_with("HYDRANT_") || name.starts_with("HYDRANT_PORT") || name.starts_with("HYDRANT_SERVICE_") ||
          std::find(known.begin(), known.end(), name) != known.end()) {
        continue;
      }
      const auto near = nearest_name(name, known);
      if (!near.empty())
        loaded_.warnings.push_back("environment " + name + " is not a setting; did you mean " + near + "?");
    }
  }

  void require(bool present, const char* key, const std::string& why) {
    if (present) return;
    loaded_.problems.push_back({key, "default", "is empty, but " + why, "Give " + expectation(*find_key(key)) + "."});
  }

  void check_urls() {
    const auto& settings = loaded_.settings;
    require(settings.store != store_kind::redis || !settings.redis_url.empty(), "redis-url", "store is redis");
    require(settings.bus != bus_kind::nats || !settings.nats_url.empty(), "nats-url", "bus is nats");
    if (settings.store == store_kind::redis && settings.bus == bus_kind::local)
      loaded_.warnings.push_back(
          "store is redis, but bus is local: pushes of other nodes arrive late, when the store is looked at");
  }

  void warn_about_unused_urls() {
    const auto& settings = loaded_.settings;
    if (!settings.redis_url.empty() && settings.store != store_kind::redis) {
      loaded_.warnings.push_back("redis-url is set, but store is memory: sessions stay in this process");
    }
    if (!settings.nats_url.empty() && settings.bus != bus_kind::nats) {
      loaded_.warnings.push_back("nats-url is set, but bus is local: pushes stay in this process");
    }
    if (!settings.opensearch.cluster.url.empty() && std::ranges::count(settings.providers, "opensearch") == 0) {
      loaded_.warnings.push_back(
          "opensearch.url is set, but providers does not name opensearch: its tools are not there");
    }
  }

  void warn_about_unchecked_certificates() {
    const auto& cluster = loaded_.settings.opensearch.cluster;
    if (!cluster.url.empty() && !cluster.tls.verify_peer)
      loaded_.warnings.push_back("opensearch.ssl-verify is off: anybody on the way can read and change everything");
  }

  void warn_about_open_host() {
    const auto& listen = loaded_.settings.listen;
    const bool every_interface = listen.host == "0.0.0.0" || listen.host == "::";
    if (every_interface && listen.allowed_hosts.empty()) {
      loaded_.warnings.push_back("host " + listen.host +
                                 " listens on every interface, but allowed-hosts is empty: requests under other names "
                                 "than localhost are refused");
    }
  }

  const flag_words& flags_;
  const surroundings& around_;
  std::string path_;
  std::map<std::string, words, std::less<>> in_file_;
  loaded_config loaded_;
};

}  // namespace

surroundings this_process(std::string version) {
  std::array<char, 256> host_name{};
  if (::gethostname(host_name.data(), host_name.size() - 1) != 0) host_name.front() = '\0';
  return {variables_of_process(), read_whole_file, host_name.data(), ::getpid(), std::move(version)};
}

std::string describe(const source& where) {
  switch (where.from) {
    case origin::fallback: return "default";
    case origin::file: return "file " + where.name;
    case origin::variable: return "environment " + where.name;
    case origin::flag: return "flag " + where.name;
  }
  return where.name;
}

loaded_config load_config(const flag_words& flags, const surroundings& around) {
  return loader(flags, around).load();
}

std::string format_problems(const std::vector<problem>& problems) {
  std::string text = problems.size() == 1
                         ? "hydrant: 1 problem with its settings\n"
                         : "hydrant: " + std::to_string(problems.size()) + " problems with its settings\n";
  for (const auto& [key, where, what, remedy] : problems) {
    text.append("\n  ").append(key).append(" (").append(where).append("): ").append(what);
    text.append("\n      ").append(remedy).append("\n");
  }
  return text;
}

}  // namespace hydrant::app
