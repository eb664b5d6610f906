#pragma once

#include "providers/conformance/conformance_provider.hpp"
#include "tests/unit/providers/recording.hpp"

#include <map>
#include <string>
#include <vector>

namespace hydrant::providers {

/// The conformance provider's entries, with no time between its notifications.
class conformance_fixture : public testing::Test {
 protected:
  json content_of(const std::string& tool_name) const { return written(with_.run_tool(tool_name))["content"]; }
  /// What the named tool asks a client that can do everything, and has answered this much.
  std::vector<std::string> asked_by(const std::string& tool_name, answer_map answers = {}) const {
    open_call on(with_answers(std::move(answers)));
    EXPECT_TRUE(with_.run_tool(tool_name, on).is_waiting()) << tool_name;
    return open_keys(on.c);
  }
  /// What it says once it has these answers.
  std::string text_with(const std::string& tool_name, answer_map answers, json arguments = json::object()) const {
    return only_text(with_.run_tool(tool_name, with_answers(std::move(answers), std::move(arguments))));
  }

  conformance_provider provider_{std::chrono::milliseconds(0)};
  provider_fixture with_{provider_};
};

}  // namespace hydrant::providers
