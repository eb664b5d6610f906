#pragma once

// Samples of the documents of a range of time, for analyses that look at many of them at once.

#include "providers/opensearch/tools/index_fields.hpp"
#include "providers/opensearch/tools/time_range.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hydrant::providers::opensearch {

/// As large as a search may be without a setting of the index.
constexpr std::int64_t sample_documents_max = 10'000;

struct sample_plan {
  std::string index;  ///< as access::narrow gave it
  std::string time_field;
  std::int64_t documents_max = 1000;  ///< to be taken, at most sample_documents_max
  json source = true;                 ///< the `_source` of the search: which fields are read
  std::string trace_field;            ///< documents with the same value are taken together, or left; empty: none are
  std::string needed_field;           ///< only documents that have it; empty: all
};

struct sample {
  time_range range;
  documents taken;
  std::uint64_t matching = 0;          ///< of which `taken` are some
  std::optional<std::string> trouble;  ///< what was missing from the search's reply
};

/// The search that takes a sample. Which documents it takes is chance, but the same chance each time: documents get a
/// random score from what never changes about them. Pure.
json sample_search(const sample_plan& plan, const time_range& range);

/// Takes it. A reply too large for the cluster's limit makes the sample smaller, not the call fail. Errors as of
/// access::ask.
boost::asio::awaitable<base::result<sample>> take_sample(access& on, sample_plan plan, time_range range);

/// When the first and the last document of the index are; none: it has none, or the search failed.
boost::asio::awaitable<std::optional<time_range>> documents_span(access& on, std::string index, std::string time_field);

}  // namespace hydrant::providers::opensearch
