#pragma once

#include <string>

namespace hydrant::tests {

/// Where the project lies, for tests that read a file of it: source_folder() + "/docs/configuration.md".
std::string source_folder();

}  // namespace hydrant::tests
