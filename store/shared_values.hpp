#pragma once

// Small values that all nodes of the grid share: the keys that seal request states, marks of what was used once, and
// numbers.
//
// Guarantees every implementation gives, and tests/unit/store/shared_values_contract.hpp checks:
// - Of writers that saw the same version one succeeds. A failure of kind `unavailable` says nothing about whether a
// write
//   took effect: read and look.
// - Of those who claim a token within its ttl one is told true. After a claim that failed with `unavailable` nobody may
//   be: a token that may have been used counts as used.

#include "store/session_store.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace hydrant::store {

/// Thread-safe; one per process. For threads and completions see session_store.hpp.
class shared_values {
 public:
  virtual ~shared_values() = default;

  struct value {
    std::string text;           ///< empty: none is stored
    std::uint64_t version = 0;  ///< 0: none is stored; raised by one with every write
  };
  virtual void read(std::string_view name, completion<value> done) = 0;
  /// Stores `text` if the stored version still is `seen`; completes with the new version. Errors: conflict.
  virtual void write(std::string_view name, std::uint64_t seen, std::string text, completion<std::uint64_t> done) = 0;
  /// True for the first caller within `ttl`, false for all later ones; a later one does not prolong it. Errors:
  /// overloaded (too many tokens are remembered).
  virtual void claim(std::string_view token, std::chrono::milliseconds ttl, completion<bool> done) = 0;
  /// Adds to a number, 0 at first, and completes with what it is then. Once for each token within `repeats_within`: who
  /// was told `unavailable` may ask again. Adding 0 reads.
  virtual void add(std::string_view number, std::int64_t by, std::string_view token, completion<std::int64_t> done) = 0;
  static constexpr std::chrono::milliseconds repeats_within = std::chrono::minutes(1);
};

}  // namespace hydrant::store
