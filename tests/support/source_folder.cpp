#include "tests/support/source_folder.hpp"

namespace hydrant::tests {

std::string source_folder() {
  return HYDRANT_SOURCE_FOLDER;
}

}  // namespace hydrant::tests
