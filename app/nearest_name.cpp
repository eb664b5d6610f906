#include "app/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hydrant::app {
namespace {

// Optimal string alignment: like Levenshtein's, and a swap of neighbours counts once.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

bool is_last_part_of(std::string_view name, std::string_view candidate) {
  if (candidate.size() <= name.size() || !candidate.ends_with(name)) return false;
  const char before = candidate[candidate.size() - name.size() - 1];
  return before == '.' || before == '-';
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr std::size_t longest_name = 100;  // the comparison is quadratic, and nobody mistypes more than that
  if (name.empty() || name.size() > longest_name) return {};
  std::size_t fewest = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::string best;
  for (const auto& candidate : candidates) {
    const auto edits = is_last_part_of(name, candidate) ? 1 : edits_between(name, candidate);
    if (edits >= fewest) continue;
    fewest = edits;
    best = candidate;
  }
  return best;
}

}  // namespace hydrant::app
