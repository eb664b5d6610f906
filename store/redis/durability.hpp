#pragma once

#include "store/redis/client.hpp"

#include <string>
#include <vector>

namespace hydrant::store::redis {

/// What can lose data that was acknowledged, by the server's own settings: a sentence for each risk, with its remedy.
/// Empty: nothing. Where CONFIG is forbidden, as by many hosters, one sentence says that nobody could look.
/// Errors: unavailable.
void durability_report(client& via, completion<std::vector<std::string>> done);

/// The values of CONFIG GET; empty where there was none.
struct durability_settings {
  std::string appendonly;
  std::string appendfsync;
  std::string save;
  std::string maxmemory;
  std::string maxmemory_policy;
};
std::vector<std::string> durability_risks(const durability_settings& settings);

}  // namespace hydrant::store::redis
