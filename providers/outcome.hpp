#pragma once

#include "base/result.hpp"

#include <utility>
#include <variant>

namespace hydrant::providers {

/// A handler stopped because it needs answers; it is run again, from its beginning, when they are there.
struct waiting {};

/// How one run of a handler ended: with its value, with a failure, or waiting for answers.
template <class T>
class outcome {
 public:
  outcome(T value) : state_(std::move(value)) {}                // NOLINT: handlers just return a value
  outcome(base::error failure) : state_(std::move(failure)) {}  // NOLINT: or a failure
  outcome(waiting) : state_(waiting{}) {}                       // NOLINT: or wait()

  T* value() { return std::get_if<T>(&state_); }
  const base::error* failure() const { return std::get_if<base::error>(&state_); }
  bool is_waiting() const { return std::holds_alternative<waiting>(state_); }

 private:
  std::variant<T, base::error, waiting> state_;
};

}  // namespace hydrant::providers
