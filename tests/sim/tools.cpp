#include "tests/sim/tools.hpp"

#include "providers/demo/demo_provider.hpp"
#include "providers/entries.hpp"
#include "providers/parameter.hpp"

#include <chrono>

namespace hydrant::sim {
namespace {

using providers::call;
using providers::outcome;
using providers::parameter;
using providers::tool;
using providers::tool_result;
using task = boost::asio::awaitable<outcome<tool_result>>;

struct nobody final : providers::announcer {
  void tools_changed() override {}
  void prompts_changed() override {}
  void resources_changed() override {}
  void resource_updated(std::string) override {}
};

task once(call& c, std::string token, std::chrono::milliseconds wait) {
  ++starts_of_once()[token];
  co_await c.sleep(wait);
  co_return protocol::text_result("once " + token);
}

task ask_both(call& c) {
  const auto* first = c.ask("first", protocol::list_roots());
  const auto* second = c.ask("second", protocol::list_roots());
  if (first == nullptr || second == nullptr) co_return c.wait<tool_result>();
  co_return protocol::text_result("both");
}

struct all_tools {
  all_tools() {
    demo.contribute(catalog, changes);
    const auto token = parameter<std::string>("token", "What it is counted under");
    const auto wait = parameter<std::int64_t>("wait_ms", "How long it takes");
    catalog.add(tool("once").takes(token, wait).async([token, wait](call& c) {
      return once(c, c[token], std::chrono::milliseconds(c[wait]));
    }));
    catalog.add(tool("ask_both").async(ask_both));
  }

  nobody changes;
  providers::demo_provider demo;
  providers::catalog catalog;
};

}  // namespace

const providers::catalog& tools() {
  static const all_tools all;
  return all.catalog;
}

std::map<std::string, int>& starts_of_once() {
  thread_local std::map<std::string, int> starts;
  return starts;
}

}  // namespace hydrant::sim
