#include "store/redis/reply.hpp"

#include <algorithm>
#include <array>

namespace hydrant::store::redis {

std::string_view error_code_of(const reply& answer) {
  if (answer.kind != reply::type::error) return {};
  return std::string_view(answer.text).substr(0, answer.text.find(' '));
}

bool means_unavailable(std::string_view error_code) {
  constexpr std::array<std::string_view, 9> codes = {"LOADING",  "READONLY", "MASTERDOWN", "OOM",    "CLUSTERDOWN",
                                                     "TRYAGAIN", "BUSY",     "NOREPLICAS", "MISCONF"};
  return std::find(codes.begin(), codes.end(), error_code) != codes.end();
}

}  // namespace hydrant::store::redis
