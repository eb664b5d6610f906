#include "providers/opensearch/analysis/log_patterns.hpp"

#include "providers/opensearch/analysis/log_templates.hpp"
#include "providers/opensearch/analysis/statistics.hpp"
#include "providers/opensearch/analysis/trace_sequences.hpp"
#include "providers/opensearch/render/text_limit.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

enum class order { score, count };

std::string cut(std::string_view text, std::size_t bytes_max) {
  const auto kept = cut_utf8(text, bytes_max);
  return std::string(kept) + (kept.size() < text.size() ? "..." : "");
}

// Both samples with their patterns, which are numbered for both together.
class analysis {
 public:
  analysis(const log_sample& selection, const log_sample& baseline, const log_options& options)
      : selection_(selection), baseline_(baseline), options_(options) {
    std::vector<std::string_view> texts;
    for (const auto* sample : {&selection, &baseline})
      for (const auto& message : sample->messages)
        texts.push_back(message.text);
    templates_ = find_templates(texts);
    count_patterns();
  }

  const std::vector<log_pattern>& patterns() const { return patterns_; }

  template <class Belongs>
  log_pattern_list list(order by, const Belongs& belongs) const {
    log_pattern_list made;
    for (const auto& one : patterns_)
      if (belongs(one)) made.shown.push_back(one);
    const auto rank = [by](const log_pattern& one) {
      const auto count = static_cast<double>(one.selection + one.baseline);
      return std::tuple(by == order::score ? -one.score : 0, -count, std::string_view(one.pattern));
    };
    std::ranges::sort(made.shown, {}, rank);
    made.total = made.shown.size();
    if (made.shown.size() > options_.patterns_max) made.shown.resize(options_.patterns_max);
    return made;
  }

  log_sequences sequences() const {
    const auto split = selection_.messages.size();
    const std::span<const std::uint32_t> patterns(templates_.of_message);
    const auto found = compare_sequences({selection_.messages, patterns.first(split)},
                                         {baseline_.messages, patterns.subspan(split)}, options_.sequences_max);
    log_sequences made{found.selection_traces, found.baseline_traces, found.sequences_total, {}};
    for (const auto& one : found.sequences)
      made.shown.push_back({texts_of(one.patterns), texts_of(one.new_patterns), one.selection, one.baseline, one.lift,
                            one.score, one.example_trace});
    return made;
  }

 private:
  void count_patterns() {
    for (const auto& one : templates_.patterns)
      patterns_.push_back({one.text, 0, 0, {}, 0, one.alarming, {}});
    const auto split = selection_.messages.size();
    for (std::size_t i = 0; i < templates_.of_message.size(); ++i) {
      auto& pattern = patterns_[templates_.of_message[i]];
      ++(i < split ? pattern.selection : pattern.baseline);
      // The baseline comes second: its messages are samples only of what the selection has not.
      if (i < split || pattern.selection == 0)
        add_sample(pattern, i < split ? selection_.messages[i].text : baseline_.messages[i - split].text);
    }
    for (auto& pattern : patterns_)
      compare(pattern);
  }

  void add_sample(log_pattern& to, std::string_view message) const {
    if (to.samples.size() >= options_.samples_max) return;
    auto sample = cut(message, options_.sample_bytes_max);
    if (!std::ranges::count(to.samples, sample)) to.samples.push_back(std::move(sample));
  }

  void compare(log_pattern& one) const {
    const std::size_t now = selection_.messages.size();
    const std::size_t before = baseline_.messages.size();
    one.score = statistics::log_likelihood(one.selection, now, one.baseline, before);
    if (one.selection > 0 && one.baseline > 0)
      one.lift = statistics::share(one.selection, now) / statistics::share(one.baseline, before);
  }

  std::vector<std::string> texts_of(const std::vector<std::uint32_t>& patterns) const {
    std::vector<std::string> texts;
    texts.reserve(patterns.size());
    for (const std::uint32_t one : patterns)
      texts.push_back(templates_.patterns[one].text);
    return texts;
  }

  const log_sample& selection_;
  const log_sample& baseline_;
  const log_options& options_;
  log_templates templates_;
  std::vector<log_pattern> patterns_;
};

bool is_changed(const log_pattern& one) {
  constexpr double lift_min = 1.5;
  if (!one.lift || one.score < statistics::surely) return false;
  return *one.lift >= lift_min || *one.lift <= 1 / lift_min;
}

log_analysis head_of(const log_sample& selection, const log_sample& baseline) {
  log_analysis made;
  made.selection_messages = selection.messages.size();
  made.documents_without_message = selection.without_message + baseline.without_message;
  made.complete = selection.complete && baseline.complete;
  return made;
}

}  // namespace

log_analysis describe_logs(const documents& selection, const log_fields& fields, const log_options& options) {
  const auto sample = read_logs(selection, fields);
  const log_sample none;
  const analysis of(sample, none, options);
  auto made = head_of(sample, none);
  made.errors = of.list(order::count, [](const log_pattern& one) { return one.alarming; });
  made.frequent = of.list(order::count, [](const log_pattern&) { return true; });
  if (!fields.trace.empty()) made.sequences = of.sequences();
  return made;
}

log_analysis compare_logs(const documents& selection, const documents& baseline, const log_fields& fields,
                          const log_options& options) {
  const auto now = read_logs(selection, fields);
  const auto before = read_logs(baseline, fields);
  const analysis of(now, before, options);
  auto made = head_of(now, before);
  made.baseline_messages = before.messages.size();
  made.added = of.list(order::score, [](const log_pattern& one) { return one.baseline == 0; });
  made.gone = of.list(order::score, [](const log_pattern& one) { return one.selection == 0; });
  made.changed = of.list(order::score, is_changed);
  if (!fields.trace.empty()) made.sequences = of.sequences();
  return made;
}

}  // namespace hydrant::providers::opensearch
