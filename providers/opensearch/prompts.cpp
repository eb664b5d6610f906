#include "providers/opensearch/prompts.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

using protocol::content;

constexpr const char* cluster_argument = "opensearch_cluster_name";

struct step {
  const char* tool;
  const char* text;
};

struct argument {
  const char* name;
  const char* description;
  argument_need need = argument_need::required;
};

/// A task; in its goal and end {name} stands for an argument.
struct plan {
  const char* name;
  const char* title;
  const char* description;
  std::vector<argument> arguments;
  const char* goal;
  std::vector<step> steps;
  const char* end;
  const char* optional = "";        ///< the argument that may be left out
  const char* end_without_it = "";  ///< what stands in place of `end` then
};

plan explore_index() {
  return {
      .name = "explore_index",
      .title = "Explore an index",
      .description = "Finds out what an index holds, and answers a question from it.",
      .arguments = {{"index", "Name or pattern of the index"},
                    {"question", "What to find out; an overview if left out", argument_need::optional}},
      .goal = "Explore the OpenSearch index {index}.",
      .steps = {{"list_indices", "see how many documents it has, and how large it is."},
                {"get_index_mapping",
                 "see its fields. Filter, sort and aggregate by keyword, number and date fields (a text field often "
                 "has a .keyword for that); search words in text fields."},
                {"search_index",
                 "look at three documents, then use aggregations with size 0: the frequent values "
                 "of keyword fields, the range of dates and numbers."},
                {"data_distribution",
                 "if documents have a time, see which values the fields have lately, and what "
                 "is different from before."},
                {"ppl_query", "where a question is about groups and sums, a query in PPL is often the shortest."}},
      .end = "Then answer this question, and show the query that the answer comes from: {question}",
      .optional = "question",
      .end_without_it =
          "Then say in a few sentences what the documents are, which fields matter, what is odd about "
          "the data, and three questions that it can answer."};
}

plan debug_slow_query() {
  return {.name = "debug_slow_query",
          .title = "Debug a slow query",
          .description = "Finds out why a query takes long, and proposes a faster one.",
          .arguments = {{"index", "Name or pattern of the index that is searched"},
                        {"query", "The query, in OpenSearch's query DSL"}},
          .goal = "This query on the OpenSearch index {index} is slow:\n\n{query}\n\nFind out why.",
          .steps = {{"get_index_mapping",
                     "compare each field of the query with its type: leading wildcards, regular expressions and "
                     "scripts are slow everywhere, ranges on text fields and sorting by them as well."},
                    {"search_index",
                     "run the query as it is and note how long it took; then run it with parts left "
                     "out, one at a time, to see which part costs the time."},
                    {"count", "see how many documents match: many of them make sorting and aggregations slow."},
                    {"opensearch_api",
                     "send it to the _search API with \"profile\": true, and read which query takes "
                     "most of the time on which shard."},
                    {"get_shards",
                     "see whether the index has far too many or far too large shards, or one that holds "
                     "most documents."},
                    {"get_segments", "see whether there are many small segments or many deleted documents."},
                    {"get_index_stats", "see how long searches of this index take otherwise."},
                    {"query_insights",
                     "see whether it is among the slowest queries of the cluster, and what it "
                     "competes with."},
                    {"nodes_hot_threads", "see what the nodes are busy with."},
                    {"long_running_tasks", "see what else runs."},
                    {"cluster_health", "see whether shards are missing or on the move."}},
          .end =
              "Then say what costs the time and how you know it, and propose a faster query that finds the same. Run "
              "it, compare the time and the number of hits, and say what a change of the mapping would bring "
              "beyond that. Change nothing in the cluster."};
}

plan investigate_logs() {
  return {.name = "investigate_logs",
          .title = "Investigate logs",
          .description = "Finds out what went wrong in a range of time.",
          .arguments = {{"index", "Name or pattern of the indices with the logs"},
                        {"start", "When it began, e.g. 2026-03-12T14:00:00Z"},
                        {"end", "When it ended"}},
          .goal =
              "Something went wrong between {start} and {end}. Find out what from the logs in the OpenSearch index "
              "{index}. As the baseline take a range of the same length before it in which all was well, the same "
              "time of the day before if the load varies over the day.",
          .steps = {{"get_index_mapping",
                     "find the fields with the time, the message, the level, the service and the trace."},
                    {"log_patterns",
                     "find messages that are new, gone, or more or less frequent than in the baseline; "
                     "give it the trace field if there is one."},
                    {"data_distribution", "find the fields that differ most: a service, a host, a version, a region."},
                    {"metric_change", "find the numbers that moved: latencies, sizes, counts."},
                    {"search_index",
                     "read the first messages of what you suspect, sorted by time, and follow one trace "
                     "through all services."},
                    {"cluster_health",
                     "if indices with logs are missing or incomplete, see whether the cluster itself "
                     "is well."}},
          .end =
              "Then say what happened when, in which order and where; what shows that; what you have ruled out; and "
              "what you do not know. Tell what is seen apart from what you conclude."};
}

std::string text_argument(const json& arguments, std::string_view name) {
  const auto found = arguments.find(name);
  return found != arguments.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// In one go, so that braces in an argument stand for nothing.
std::string filled(std::string_view text, const plan& from, const json& arguments) {
  std::string out;
  while (!text.empty()) {
    const auto fits = [text](const argument& one) { return text.starts_with("{" + std::string(one.name) + "}"); };
    const auto found = text.front() == '{' ? std::ranges::find_if(from.arguments, fits) : from.arguments.end();
    if (found == from.arguments.end()) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      out += text_argument(arguments, found->name);
      text.remove_prefix(std::string_view(found->name).size() + 2);
    }
  }
  return out;
}

std::string numbered(const std::vector<step>& steps) {
  std::string out;
  int number = 0;
  for (const auto& one : steps)
    out += std::to_string(++number) + ". " + one.tool + ": " + one.text + "\n";
  return out;
}

std::string cluster_sentence(const workshop& with, const json& arguments) {
  if (!with.several) return {};
  return " It is in the cluster " + text_argument(arguments, cluster_argument) + ": give that to the tools as " +
         cluster_argument + ".";
}

std::string written(const plan& from, const workshop& with, const json& arguments) {
  const bool has_it = *from.optional == '\0' || !text_argument(arguments, from.optional).empty();
  return filled(from.goal, from, arguments) + cluster_sentence(with, arguments) + "\n\nUse these tools:\n\n" +
         numbered(from.steps) + "\n" + filled(has_it ? from.end : from.end_without_it, from, arguments);
}

void add(catalog& to, const workshop& with, plan made, const name_source& names) {
  prompt entry(made.name);
  std::move(entry).title(made.title).describe(made.description);
  if (with.several)
    std::move(entry).argument(cluster_argument, "Which OpenSearch cluster", argument_need::required,
                              complete_clusters(with));
  for (const auto& one : made.arguments) {
    const bool is_index = std::string_view(one.name) == "index";
    auto suggest = is_index ? complete_indices(with, names, cluster_argument) : completer();
    std::move(entry).argument(one.name, one.description, one.need, std::move(suggest));
  }
  to.add(std::move(entry).immediate([&with, made = std::move(made)](call& c) -> outcome<prompt_result> {
    return prompt_result{made.title, {{"user", content::text(written(made, with, c.arguments()))}}};
  }));
}

}  // namespace

void offer_prompts(catalog& to, const toolbox& tools, const name_source& names) {
  const auto& offered = tools.added();
  for (auto made : {explore_index(), debug_slow_query(), investigate_logs()}) {
    std::erase_if(made.steps, [&](const step& one) { return std::ranges::find(offered, one.tool) == offered.end(); });
    if (!made.steps.empty()) add(to, tools.with(), std::move(made), names);
  }
}

}  // namespace hydrant::providers::opensearch
