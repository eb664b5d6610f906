#include "providers/opensearch/tools/skill_sampling.hpp"

#include "providers/opensearch/render/failure.hpp"

#include <cmath>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr int seed = 1;
constexpr std::int64_t documents_least = 100;  // fewer are not asked for when replies are too large
constexpr std::int64_t shrink_factor = 4;

json in_range(const std::string& field, const time_range& range) {
  return {{"range", {{field, {{"gte", range.start}, {"lt", range.end}, {"format", "epoch_millis"}}}}}};
}

json has(const std::string& field) {
  return {{"exists", {{"field", field}}}};
}

json random_by(const std::string& field) {
  return {{"seed", seed}, {"field", field}};
}

// Equal values get equal scores within a shard, so that whole traces are above the cut. Documents without a trace are
// drawn one by one.
json scores(const std::string& trace_field) {
  json functions = json::array();
  if (!trace_field.empty())
    functions.push_back({{"filter", has(trace_field)}, {"random_score", random_by(trace_field)}});
  functions.push_back({{"random_score", random_by("_seq_no")}});
  return functions;
}

// Of what a cluster sends, which is never taken on trust.
template <class Json>
Json* member(Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::uint64_t total_of(const json& hits) {
  const auto* total = member(hits, "total");
  if (total != nullptr && total->is_object()) total = member(*total, "value");
  return total != nullptr && total->is_number_unsigned() ? total->get<std::uint64_t>() : 0;
}

sample sample_in(json reply, const time_range& range) {
  sample out{.range = range, .taken = {}, .matching = 0, .trouble = describe_partial(reply)};
  auto* hits = member(reply, "hits");
  if (hits == nullptr) return out;
  out.matching = total_of(*hits);
  auto* list = member(*hits, "hits");
  if (list == nullptr || !list->is_array()) return out;
  for (auto& hit : *list) {
    auto* source = member(hit, "_source");
    out.taken.push_back(source == nullptr ? json::object() : std::move(*source));
  }
  return out;
}

api_request search_request(const sample_plan& plan, const json& body) {
  return {.method = "POST",
          .path = api_path({plan.index, "_search"}),
          .query = {{"filter_path", "timed_out,terminated_early,_shards,hits.total,hits.hits._source"}},
          .body = body.dump()};
}

std::optional<epoch_ms> bound_in(const json& reply, const char* name) {
  const auto* aggregations = member(reply, "aggregations");
  const auto* bound = aggregations == nullptr ? nullptr : member(*aggregations, name);
  const auto* value = bound == nullptr ? nullptr : member(*bound, "value");
  if (value == nullptr || !value->is_number()) return std::nullopt;
  // Of dates: no year before 1 and none after 9999.
  const auto time = value->get<double>();
  if (!(std::abs(time) < 2.5e14)) return std::nullopt;
  return static_cast<epoch_ms>(time);
}

}  // namespace

json sample_search(const sample_plan& plan, const time_range& range) {
  json filter = json::array({in_range(plan.time_field, range)});
  if (!plan.needed_field.empty()) filter.push_back(has(plan.needed_field));
  return {{"size", plan.documents_max},
          {"track_total_hits", true},
          {"_source", plan.source},
          {"query",
           {{"function_score",
             {{"query", {{"bool", {{"filter", std::move(filter)}}}}},
              {"functions", scores(plan.trace_field)},
              {"score_mode", "first"},
              {"boost_mode", "replace"}}}}}};
}

asio::awaitable<base::result<sample>> take_sample(access& on, sample_plan plan, time_range range) {
  for (;;) {
    auto reply = co_await on.ask(search_request(plan, sample_search(plan, range)), "search " + plan.index);
    if (reply) co_return sample_in(std::move(*reply), range);
    const bool smaller_helps =
        reply.error().kind == base::error_kind::too_large && plan.documents_max / shrink_factor >= documents_least;
    if (!smaller_helps) co_return reply.error();
    plan.documents_max /= shrink_factor;
  }
}

asio::awaitable<std::optional<time_range>> documents_span(access& on, std::string index, std::string time_field) {
  const json body = {
      {"size", 0},
      {"aggs", {{"first", {{"min", {{"field", time_field}}}}}, {"last", {{"max", {{"field", time_field}}}}}}}};
  api_request search{.method = "POST", .path = api_path({index, "_search"}), .body = body.dump()};
  auto reply = co_await on.ask(std::move(search), "search " + index);
  if (!reply) co_return std::nullopt;
  const auto first = bound_in(*reply, "first");
  const auto last = bound_in(*reply, "last");
  if (!first || !last) co_return std::nullopt;
  co_return time_range{*first, *last};
}

}  // namespace hydrant::providers::opensearch
