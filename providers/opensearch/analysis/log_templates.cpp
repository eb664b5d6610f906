#include "providers/opensearch/analysis/log_templates.hpp"

#include "providers/opensearch/analysis/log_tokens.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

constexpr std::string_view any_word = "<*>";
constexpr std::string_view other_messages = "<other messages>";

// Messages that are the same once they are scanned.
struct row {
  std::string text;
  std::vector<log_token> tokens;
  std::vector<std::uint32_t> messages;
};

using row_group = std::vector<const row*>;

bool is_variable(const log_token& token) {
  return token.kind == token_kind::word && !is_level(token.text) && !is_alarming(token.text);
}

std::string shape_of(const row& of) {
  std::string shape;
  for (const auto& token : of.tokens) {
    if (!is_variable(token)) shape += token.text;
    shape += '\n';  // no token holds white space
  }
  return shape;
}

// The places of the words that may differ between the rows of a shape.
std::vector<std::size_t> variable_places(const row& of) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < of.tokens.size(); ++i)
    if (is_variable(of.tokens[i])) places.push_back(i);
  return places;
}

// One pattern in the making.
struct cluster {
  const row* first;
  std::vector<char> open;  // for each variable place: rows differ there
  row_group rows;
};

class shape_clusters {
 public:
  explicit shape_clusters(row_group rows) : rows_(std::move(rows)), places_(variable_places(*rows_.front())) {
    const auto rank = [](const row* one) { return std::pair(-std::ssize(one->messages), std::string_view(one->text)); };
    std::ranges::sort(rows_, {}, rank);
    const auto counts = [](const log_token& token) { return token.kind != token_kind::mark; };
    const auto weight = std::ranges::count_if(rows_.front()->tokens, counts);
    fixed_ = static_cast<std::size_t>(weight) - places_.size();
  }

  const std::vector<std::size_t>& places() const { return places_; }

  std::vector<cluster> make() {
    for (const row* one : rows_)
      place(one);
    return std::move(clusters_);
  }

 private:
  void place(const row* one) {
    const auto [nearest, common] = nearest_to(*one);
    const bool similar = (common + fixed_) * 5 >= (places_.size() + fixed_) * 3;
    if (nearest && (similar || clusters_.size() == template_bounds::templates_max)) {
      join(*nearest, one);
    } else {
      clusters_.push_back({one, std::vector<char>(places_.size(), 0), {one}});
    }
  }

  std::pair<cluster*, std::size_t> nearest_to(const row& one) {
    std::pair<cluster*, std::size_t> best{nullptr, 0};
    for (auto& candidate : clusters_) {
      const std::size_t common = words_in_common(candidate, one);
      if (!best.first || common > best.second) best = {&candidate, common};
    }
    return best;
  }

  std::size_t words_in_common(const cluster& of, const row& one) const {
    std::size_t common = 0;
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (!of.open[i] && same_word(of, one, i)) ++common;
    return common;
  }

  bool same_word(const cluster& of, const row& one, std::size_t i) const {
    return of.first->tokens[places_[i]].text == one.tokens[places_[i]].text;
  }

  void join(cluster& to, const row* one) {
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (!same_word(to, *one, i)) to.open[i] = 1;
    to.rows.push_back(one);
  }

  row_group rows_;
  const std::vector<std::size_t> places_;
  std::size_t fixed_ = 0;  // words and placeholders that the shape itself holds
  std::vector<cluster> clusters_;
};

// Whether rows have more different words at this place than are told apart.
bool is_wild(const row_group& rows, std::size_t place) {
  std::vector<std::string_view> words;
  for (const row* one : rows) {
    const std::string_view word = one->tokens[place].text;
    if (std::ranges::count(words, word)) continue;
    if (words.size() == template_bounds::words_constant_max) return true;
    words.push_back(word);
  }
  return false;
}

// The rows of a cluster with what is wild replaced; two places in a row that are wild stay two.
void add_patterns(const cluster& from, const std::vector<std::size_t>& places, std::map<std::string, row_group>& to) {
  std::vector<std::size_t> wild;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (from.open[i] && is_wild(from.rows, places[i])) wild.push_back(places[i]);
  for (const row* one : from.rows) {
    auto tokens = one->tokens;
    for (const std::size_t place : wild)
      tokens[place].text = any_word;
    to[text_of(tokens)].push_back(one);
  }
}

std::vector<row> rows_of(const std::vector<std::string_view>& messages) {
  std::vector<row> rows;
  std::unordered_map<std::string, std::size_t> index;
  for (std::uint32_t number = 0; number < messages.size(); ++number) {
    auto tokens = scan_message(messages[number]);
    auto text = text_of(tokens);
    const auto [found, is_new] = index.try_emplace(text, rows.size());
    if (is_new) rows.push_back({std::move(text), std::move(tokens), {}});
    rows[found->second].messages.push_back(number);
  }
  return rows;
}

std::map<std::string, row_group> patterns_of(const std::vector<row>& rows) {
  std::map<std::string, row_group> shapes;
  for (const row& one : rows)
    shapes[shape_of(one)].push_back(&one);
  std::map<std::string, row_group> patterns;
  for (auto& [shape, group] : shapes) {
    shape_clusters clusters(std::move(group));
    for (const auto& made : clusters.make())
      add_patterns(made, clusters.places(), patterns);
  }
  return patterns;
}

std::size_t messages_in(const row_group& rows) {
  std::size_t count = 0;
  for (const row* one : rows)
    count += one->messages.size();
  return count;
}

// The rarest patterns become one.
void keep_most_frequent(std::map<std::string, row_group>& patterns) {
  if (patterns.size() <= template_bounds::patterns_max) return;
  std::vector<std::pair<std::size_t, std::string>> rare;
  rare.reserve(patterns.size());
  for (const auto& [text, rows] : patterns)
    rare.emplace_back(messages_in(rows), text);
  const auto rank = [](const auto& one) { return std::pair(-static_cast<std::ptrdiff_t>(one.first), one.second); };
  std::ranges::sort(rare, {}, rank);
  row_group others;
  for (auto one = rare.begin() + template_bounds::patterns_max - 1; one != rare.end(); ++one) {
    auto taken = patterns.extract(one->second);
    others.insert(others.end(), taken.mapped().begin(), taken.mapped().end());
  }
  auto& into = patterns[std::string(other_messages)];
  into.insert(into.end(), others.begin(), others.end());
}

bool any_alarming(const row_group& rows) {
  const auto alarms = [](const log_token& token) { return token.kind == token_kind::word && is_alarming(token.text); };
  return std::ranges::any_of(rows, [&](const row* one) { return std::ranges::any_of(one->tokens, alarms); });
}

}  // namespace

log_templates find_templates(const std::vector<std::string_view>& messages) {
  const auto rows = rows_of(messages);
  auto patterns = patterns_of(rows);
  keep_most_frequent(patterns);
  log_templates made;
  made.of_message.resize(messages.size());
  for (const auto& [text, group] : patterns) {
    const auto index = static_cast<std::uint32_t>(made.patterns.size());
    made.patterns.push_back({text, any_alarming(group)});
    for (const row* one : group)
      for (const std::uint32_t message : one->messages)
        made.of_message[message] = index;
  }
  return made;
}

}  // namespace hydrant::providers::opensearch
