#include "providers/opensearch/analysis/trace_sequences.hpp"

#include "providers/opensearch/analysis/statistics.hpp"
#include "providers/opensearch/render/text_limit.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <tuple>

namespace hydrant::providers::opensearch {
namespace {

using sequence = std::vector<std::uint32_t>;

constexpr std::size_t patterns_max = 50;
constexpr std::size_t trace_bytes_max = 256;

// The traces of one sample, grouped by what they do.
struct grouped {
  struct group {
    std::size_t traces = 0;
    std::string_view example;
  };
  std::map<sequence, group> groups;
  std::size_t traces = 0;
};

// Indexes of the messages that belong to traces, by trace and time.
std::vector<std::size_t> in_order(const patterned_messages& sample) {
  std::vector<std::size_t> order(sample.messages.size());
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&sample](std::size_t i) { return sample.messages[i].trace.empty(); });
  const auto key = [&sample](std::size_t i) {
    return std::tuple(sample.messages[i].trace, sample.messages[i].time, i);
  };
  std::ranges::sort(order, {}, key);
  return order;
}

void append_new(sequence& to, std::uint32_t pattern) {
  if (to.size() < patterns_max && !std::ranges::count(to, pattern)) to.push_back(pattern);
}

grouped group_traces(const patterned_messages& sample) {
  grouped made;
  const auto order = in_order(sample);
  for (std::size_t i = 0; i < order.size();) {
    const auto trace = sample.messages[order[i]].trace;
    sequence patterns;
    for (; i < order.size() && sample.messages[order[i]].trace == trace; ++i)
      append_new(patterns, sample.patterns[order[i]]);
    auto& group = made.groups[std::move(patterns)];
    if (group.traces++ == 0) group.example = trace;
    ++made.traces;
  }
  return made;
}

class comparison {
 public:
  comparison(const grouped& selection, const grouped& baseline) : selection_(selection), baseline_(baseline) {
    for (const auto& [patterns, group] : baseline.groups)
      known_.insert(patterns.begin(), patterns.end());
  }

  trace_sequence compare(const sequence& patterns, const grouped::group& group) const {
    const auto before = baseline_.groups.find(patterns);
    trace_sequence made;
    made.patterns = patterns;
    made.selection = group.traces;
    made.baseline = before == baseline_.groups.end() ? 0 : before->second.traces;
    made.score = statistics::log_likelihood(made.selection, selection_.traces, made.baseline, baseline_.traces);
    made.example_trace = cut_utf8(group.example, trace_bytes_max);
    if (baseline_.traces == 0) return made;
    if (made.baseline > 0)
      made.lift =
          statistics::share(made.selection, selection_.traces) / statistics::share(made.baseline, baseline_.traces);
    std::ranges::copy_if(patterns, std::back_inserter(made.new_patterns),
                         [this](std::uint32_t one) { return !known_.contains(one); });
    return made;
  }

  bool exceptional(const trace_sequence& one) const {
    constexpr double lift_min = 1.5;
    if (baseline_.traces == 0 || !one.lift) return true;
    return *one.lift >= lift_min && one.score >= statistics::surely;
  }

 private:
  const grouped& selection_;
  const grouped& baseline_;
  std::set<std::uint32_t> known_;
};

}  // namespace

trace_sequences compare_sequences(const patterned_messages& selection, const patterned_messages& baseline,
                                  std::size_t limit) {
  const auto now = group_traces(selection);
  const auto before = group_traces(baseline);
  const comparison with(now, before);
  trace_sequences made{now.traces, before.traces, 0, {}};
  for (const auto& [patterns, group] : now.groups)
    if (auto one = with.compare(patterns, group); with.exceptional(one)) made.sequences.push_back(std::move(one));
  const auto rank = [](const trace_sequence& one) {
    return std::tuple(one.new_patterns.empty(), -one.score, -static_cast<double>(one.selection),
                      std::string_view(one.example_trace));
  };
  std::ranges::sort(made.sequences, {}, rank);
  made.sequences_total = made.sequences.size();
  if (made.sequences.size() > limit) made.sequences.resize(limit);
  return made;
}

}  // namespace hydrant::providers::opensearch
