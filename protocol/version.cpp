#include "protocol/version.hpp"

#include <utility>

namespace hydrant::protocol {
namespace {

constexpr std::array<std::pair<revision, std::string_view>, 5> names{{
    {revision::r2024_11_05, "2024-11-05"},
    {revision::r2025_03_26, "2025-03-26"},
    {revision::r2025_06_18, "2025-06-18"},
    {revision::r2025_11_25, "2025-11-25"},
    {revision::r2026_07_28, "2026-07-28"},
}};

}  // namespace

std::optional<revision> parse_revision(std::string_view name) {
  for (const auto& [r, text] : names)
    if (text == name) return r;
  return std::nullopt;
}

std::string_view name_of(revision r) {
  return names[static_cast<std::size_t>(r)].second;
}

revision negotiate(std::string_view requested) {
  const auto known = parse_revision(requested);
  return known && uses_sessions(*known) ? *known : revision::r2025_11_25;
}

}  // namespace hydrant::protocol
