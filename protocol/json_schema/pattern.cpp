#include "protocol/json_schema/pattern.hpp"

#include <re2/re2.h>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

// A quarter of this holds a pattern's program, the most of the rest its automaton while it runs. Nearly all patterns
// fit the smaller size, so that a thousand of them stay within 256 MiB whatever text they meet.
constexpr std::int64_t small_bytes_max = 256 * 1024;
constexpr std::int64_t large_bytes_max = 2 * 1024 * 1024;
constexpr std::size_t source_bytes_max = 16 * 1024;

re2::RE2::Options options(std::int64_t memory_bytes_max) {
  re2::RE2::Options out;
  out.set_max_mem(memory_bytes_max);
  out.set_log_errors(false);
  out.set_never_capture(true);
  return out;
}

std::string reason(const re2::RE2& machine) {
  switch (machine.error_code()) {
    case re2::RE2::ErrorRepeatSize: return "repetition over 1000 is not supported";
    case re2::RE2::ErrorPatternTooLarge: return "too large";
    default: return machine.error() + (machine.error_arg().empty() ? "" : ": " + machine.error_arg());
  }
}

}  // namespace

pattern::pattern(std::string source, std::shared_ptr<const re2::RE2> machine)
    : source_{std::move(source)},
      machine_{std::move(machine)},
      size_{static_cast<std::size_t>(machine_->ProgramSize())} {}

base::result<pattern> pattern::compile(std::string_view ecma) {
  if (ecma.size() > source_bytes_max) return base::fail(base::error_kind::invalid_params, "too long");
  const auto translated = translate_pattern(ecma);
  if (!translated) return translated.error();
  auto machine = std::make_shared<const re2::RE2>(*translated, options(small_bytes_max));
  if (machine->error_code() == re2::RE2::ErrorPatternTooLarge) {
    machine = std::make_shared<const re2::RE2>(*translated, options(large_bytes_max));
  }
  if (!machine->ok()) return base::fail(base::error_kind::invalid_params, reason(*machine));
  return pattern{std::string{ecma}, std::move(machine)};
}

bool pattern::found_in(std::string_view text) const {
  const re2::StringPiece subject{text.data(), text.size()};
  return machine_->Match(subject, 0, subject.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace hydrant::protocol::json_schema
