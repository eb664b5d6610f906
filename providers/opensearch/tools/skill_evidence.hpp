#pragma once

// What the three skills have in common: a sample of a selected range of time, mostly beside one of a baseline, and how
// that is told.

#include "providers/entries.hpp"
#include "providers/opensearch/tools/skill_sampling.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// Arguments that are times, by their names; the baseline's differ between the skills.
struct time_parameters {
  parameter<json> selection_start, selection_end, baseline_start, baseline_end;
  parameter<std::string> field;

  /// Whether a comparison is what the skill is for.
  enum class baseline { wanted, needed };
  time_parameters(std::string_view prefix_of_baseline, baseline need);
};

struct skill_question {
  std::string index;  ///< as the caller wrote it
  std::string time_field;
  time_range selection;
  std::optional<time_range> baseline;
  std::int64_t documents_max = 1000;  ///< of each sample
};

/// The parameters that all three have besides.
parameter<std::string> skill_index();
parameter<std::int64_t> sample_size(std::int64_t unless_said);

struct search_bounds {
  std::string index;
  std::int64_t documents_max;
};

/// The question of a call. Errors: invalid_params.
base::result<skill_question> read_question(const call& c, const time_parameters& times, search_bounds within);

struct evidence {
  std::string index;  ///< that was searched
  index_fields fields;
  sample selection;
  std::optional<sample> baseline;
  std::string span;  ///< when the index has documents, as a sentence, if a sample has none; else empty
};

/// What a skill adds to the plan of its samples, knowing the fields.
using plan_detail = std::function<void(sample_plan& plan, const index_fields& fields)>;

/// Takes the samples. Errors: as of access::narrow and ask; invalid_params for a field without times.
boost::asio::awaitable<base::result<evidence>> gather(access& on, skill_question asked, plan_detail detail);

/// `_source` without the fields whose type an analysis cannot use, as far as a search can bear to be told.
json source_without(const index_fields& fields, const std::function<bool(std::string_view type)>& unused);

/// {"selection": {"start", "end", "sampled", "matching"}, "baseline"?: the same}, and its schema.
json sample_json(const evidence& found);
json sample_schema();

/// How the samples were taken and what is wrong with them, as sentences.
std::string sample_note(const evidence& found);

/// A skill's answer: its text, which ends with the note on the samples, and its structured value with `sample` and
/// `note` added. What is too large loses elements from the end of the longest of `lists`; the note says so.
tool_result skill_result(const evidence& found, std::string text, json structured,
                         std::initializer_list<const char*> lists, std::size_t bytes_max);

}  // namespace hydrant::providers::opensearch
