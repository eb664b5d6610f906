#pragma once

// What an analysis of logs reads of each document.

#include "providers/opensearch/analysis/field_values.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// Dotted paths.
struct log_fields {
  std::string message;
  std::string trace;  ///< empty: messages belong to no traces
  std::string time;   ///< orders the messages of a trace; empty: the order of the documents does
};

/// Orders numbers (epoch times) by size before texts by their bytes, which is the order of time for ISO 8601.
struct log_time {
  double number = 0;
  std::string_view text;
  auto operator<=>(const log_time&) const = default;
};

/// Refers to the documents.
struct log_message {
  std::string_view text;
  std::string_view trace;  ///< empty: none
  log_time time;
};

struct log_sample {
  std::vector<log_message> messages;
  std::size_t without_message = 0;  ///< documents without a text in the message field, or with an empty one
  bool complete = true;             ///< false: there are more than log_messages_max documents
};

constexpr std::size_t log_messages_max = 50'000;

/// Numbers as traces are not read: their texts would have to be owned. Indexes hold trace ids as keywords.
log_sample read_logs(const documents& from, const log_fields& fields);

}  // namespace hydrant::providers::opensearch
