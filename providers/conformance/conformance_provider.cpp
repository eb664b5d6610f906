#include "providers/conformance/conformance_provider.hpp"

#include "providers/conformance/fixtures.hpp"

namespace hydrant::providers {

void conformance_provider::contribute(catalog& to, announcer& changes) {
  conformance::add_content_tools(to);  // first: begins with a tool without arguments
  conformance::add_timed_tools(to, pause_);
  conformance::add_trigger_tools(to, changes);
  conformance::add_asking_tools(to);
  conformance::add_multi_round_tools(to);
  conformance::add_resources(to);
  conformance::add_prompts(to);
}

}  // namespace hydrant::providers
