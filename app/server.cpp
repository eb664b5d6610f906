#include "app/server.hpp"

#include "app/command_line.hpp"
#include "app/node.hpp"
#include "app/version.hpp"
#include "base/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>

namespace hydrant::app {
namespace {

std::string url_of(const config& settings, std::uint16_t port) {
  return "http://" + settings.listen.host + ":" + std::to_string(port) + settings.listen.path_prefix +
         settings.listen.endpoint;
}

void log_start(const config& settings, std::uint16_t port) {
  std::string providers;
  for (const auto& name : settings.providers)
    providers += (providers.empty() ? "" : ",") + name;
  base::log(
      base::log_level::info, "serving MCP",
      {{"url", url_of(settings, port)}, {"node", settings.node_id}, {"providers", providers}, {"version", version}});
}

// The first signal drains; whoever cannot wait sends a second.
void wait_for_signal(boost::asio::io_context& signals, boost::asio::signal_set& set) {
  set.async_wait([&set](boost::system::error_code, int number) {
    base::log(base::log_level::info, "draining; a second signal stops at once",
              {{"signal", number == SIGTERM ? "SIGTERM" : "SIGINT"}});
    set.async_wait([](boost::system::error_code stopped, int again) {
      if (!stopped) std::_Exit(128 + again);
    });
  });
  signals.run_one();
}

}  // namespace

int serve(const config& settings, provider_list own) {
  base::set_up_logging(settings.log.format, settings.log.level);
  boost::asio::io_context signals;
  boost::asio::signal_set set(signals, SIGINT, SIGTERM);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    node running(settings, std::move(own));
    std::atomic<int> status{0};
    running.on_end([&status](int wanted) {
      status = wanted;
      std::raise(SIGTERM);
    });
    if (const auto started = running.start(); !started) {
      base::log(base::log_level::error, "cannot start", {{"why", started.error().message}});
      return 1;
    }
    log_start(settings, running.port());
    wait_for_signal(signals, set);
    std::thread impatience([&signals] { signals.run(); });
    running.stop();
    signals.stop();
    impatience.join();
    base::log(base::log_level::info, "stopped");
    return status;
  } catch (const std::exception& failed) {
    base::log(base::log_level::error, "cannot start", {{"why", failed.what()}});
    return 1;
  }
}

namespace {

// To a person, or into the log of the server that starts now, which a program may read.
void tell(const invocation& asked) {
  const bool serves = asked.what == invocation::action::serve;
  if (serves) base::set_up_logging(asked.settings.log.format, asked.settings.log.level);
  for (const auto& warning : asked.warnings) {
    if (serves)
      base::log(base::log_level::warn, "configuration", {{"why", warning}});
    else
      std::cerr << "hydrant: warning: " << warning << '\n';
  }
}

}  // namespace

int run_command_line(int argc, const char* const* argv, provider_list own) {
  const auto asked = parse_command_line(argc, argv, this_process(version));
  tell(asked);
  (asked.exit_code == 0 ? std::cout : std::cerr) << asked.text << std::flush;
  if (asked.what != invocation::action::serve) return asked.exit_code;
  return serve(asked.settings, std::move(own));
}

}  // namespace hydrant::app
