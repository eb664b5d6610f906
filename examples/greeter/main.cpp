// A server of one's own: Hydrant with the tools below beside the built-in ones. Built against an installed Hydrant;
// docs/writing-tools.md explains it, tests/install/run builds and calls it.

#include "app/server.hpp"
#include "providers/catalog.hpp"

#include <memory>
#include <string>
#include <utility>

namespace {

using hydrant::protocol::text_result;
using hydrant::providers::call;
using hydrant::providers::outcome;
using hydrant::providers::parameter;
using hydrant::providers::tool;
using hydrant::providers::tool_result;

std::string greeting(const std::string& language) {
  if (language == "de") return "Guten Tag";
  if (language == "fr") return "Bonjour";
  return "Hello";
}

// Asks the user first. This handler runs twice: once without the answer, and again when it is there.
outcome<tool_result> farewell(call& c, const std::string& name) {
  const auto* answer =
      c.ask("again", hydrant::protocol::elicit_form("Will we see " + name + " again?",
                                                    {{"again", {{"type", "boolean"}, {"title", "Yes"}}}}, {"again"}));
  if (answer == nullptr) return c.wait<tool_result>();
  const bool again = (*answer)["action"] == "accept" && (*answer)["content"]["again"].get<bool>();
  return text_result((again ? "See you, " : "Farewell, ") + name + "!");
}

class greeter_provider final : public hydrant::providers::provider {
 public:
  void contribute(hydrant::providers::catalog& to, hydrant::providers::announcer&) override {
    const auto name = parameter<std::string>("name", "Whom to greet");
    const auto language =
        parameter<std::string>("language", "In which language").one_of({"en", "de", "fr"}).or_else("en");
    to.add(tool("greet")
               .describe("Greets somebody")
               .takes(name, language)
               .read_only()
               .closed_world()
               .immediate(
                   [name, language](call& c) { return text_result(greeting(c[language]) + ", " + c[name] + "!"); }));
    to.add(tool("part")
               .describe("Says goodbye, after asking for how long")
               .takes(name)
               .read_only()
               .immediate([name](call& c) { return farewell(c, c[name]); }));
  }
};

}  // namespace

int main(int argc, char** argv) {
  hydrant::app::provider_list own;
  own.push_back(std::make_unique<greeter_provider>());
  return hydrant::app::run_command_line(argc, argv, std::move(own));
}
