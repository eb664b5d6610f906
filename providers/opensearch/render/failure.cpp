#include "providers/opensearch/render/failure.hpp"

#include "providers/opensearch/policy/glob.hpp"
#include "providers/opensearch/render/failure_cause.hpp"
#include "providers/opensearch/render/text_limit.hpp"

#include <algorithm>
#include <array>

namespace hydrant::providers::opensearch {
namespace {

using base::error_kind;
using protocol::json;

constexpr std::size_t bytes_max = 1'000;

struct hint {
  std::string_view mark;  // in the type or the reason, in lower case
  std::string_view advice;
};

constexpr std::string_view correct_query = "Correct the query and ask again.";

// The first that applies. What a reason tells comes before what a type tells, because types are shared by much.
constexpr hint hints[] = {
    {"no handler found", "This cluster has no such API; a plugin that it needs may not be installed."},
    {"result window is too large",
     "Use a smaller from or size; to go further, sort and continue with search_after, or narrow the query."},
    {"too_many_clauses", "Use fewer clauses, a terms query in place of many, or a longer prefix before a wildcard."},
    {"maxclausecount", "Use fewer clauses, a terms query in place of many, or a longer prefix before a wildcard."},
    {"too_many_buckets", "Ask for fewer buckets: a coarser interval, a smaller size, or a narrower query."},
    {"too many buckets", "Ask for fewer buckets: a coarser interval, a smaller size, or a narrower query."},
    {"text fields are not optimised", "get_index_mapping shows whether the field has a keyword sub-field to use."},
    {"must be terminated by a newline", "Every line of the body, also the last one, ends with a newline."},
    {"circuit_breaking",
     "OpenSearch is short of memory: ask for less (fewer buckets, a smaller size, a narrower index "
     "pattern), or later."},
    {"rejected_execution", "OpenSearch is busy: try again in a while."},
    {"not_discovered", "The cluster has no elected manager at the moment: try again in a while."},
    {"cluster_block", "cluster_health and the index's settings show why; asking again at once does not help."},
    {"no_shard_available", "Some shards are not available: cluster_health tells more."},
    {"unavailable_shards", "Some shards are not available: cluster_health tells more."},
    {"index_closed", "The index is closed; list_indices shows which are open."},
    {"invalid_index_name", "list_indices shows what there is."},
    {"script_exception", "Correct the script and ask again."},
    {"parsing_exception", correct_query},
    {"parse_exception", correct_query},
    {"json", "The body is not the JSON that was expected: correct it and ask again."},
    {"query_shard_exception", correct_query},
    {"syntaxcheck", correct_query},
    {"semanticcheck", correct_query},
    {"timeout", "Ask for less, or give it more time."},
};

std::string_view advice_by_status(int status) {
  switch (status) {
    case 405: return "Use another method.";
    case 408:
    case 504: return "It took too long: ask for less, or give it more time.";
    case 413: return "Send less in one request.";
    case 429: return "OpenSearch is busy: try again in a while.";
    case 502:
    case 503: return "OpenSearch is not available at the moment: try again in a while.";
    default: return {};
  }
}

std::string_view advice_for(int status, const failure_cause& cause) {
  const auto text = lower_case(cause.reason) + "\n" + lower_case(cause.type);
  for (const auto& known : hints) {
    if (text.find(known.mark) != std::string::npos) return known.advice;
  }
  return advice_by_status(status);
}

std::string_view words_for(int status) {
  switch (status) {
    case 404: return "what was asked for is not there";
    case 408:
    case 504: return "OpenSearch did not answer in time";
    case 413: return "the request is too large";
    case 429: return "too many requests";
    case 502:
    case 503: return "OpenSearch is not available";
    default: return "OpenSearch gave no reason";
  }
}

std::string with_stop(std::string text) {
  const auto ends = !text.empty() && std::string_view(".?!").find(text.back()) != std::string_view::npos;
  return ends ? text : text + ".";
}

std::string describe_refusal(int status, const failure_cause& cause) {
  if (status == 401) {
    return "OpenSearch refuses the credentials that this server has for it (status 401). Another query does not help: "
           "whoever runs this server must see to it.";
  }
  const auto what = cause.permission.empty() ? std::string("that is not permitted to this server's user")
                                             : "this server's user lacks the permission " + cause.permission;
  const auto others = cause.permission.starts_with("indices:") ? "Other indices may be permitted; whoever" : "Whoever";
  return what + " (status 403). " + others + " runs the cluster can grant it.";
}

std::string describe_missing_index(const failure_cause& cause) {
  const auto which = cause.index.empty() ? cause.reason : "there is no index \"" + cause.index + "\"";
  return with_stop(which) + " list_indices shows what there is.";
}

std::string describe_other(int status, const failure_cause& cause) {
  const auto status_text = "status " + std::to_string(status);
  if (cause.is_html) {
    return "a page of HTML came back (" + status_text +
           "), so something before OpenSearch, such as a proxy, answered. " + std::string(advice_by_status(status));
  }
  const auto known = cause.reason.empty() ? std::string(words_for(status)) : cause.reason;
  auto source = cause.position.empty() ? std::string() : cause.position + "; ";
  source += cause.type.empty() ? status_text : cause.type + ", " + status_text;
  const auto advice = advice_for(status, cause);
  return known + " (" + source + ")." + (advice.empty() ? "" : " ") + std::string(advice);
}

bool is_refusal(int status, const failure_cause& cause) {
  return status == 401 || status == 403 || !cause.permission.empty();
}

std::string describe_cause(int status, const failure_cause& cause, std::string_view asked) {
  // A block that came with 403 is no matter of permissions.
  const auto is_block = cause.type == "cluster_block_exception";
  auto what = clean_reason(asked, 200) + " failed: ";
  if (is_refusal(status, cause) && !is_block) {
    what += describe_refusal(status == 401 ? 401 : 403, cause);
  } else if (cause.type == "index_not_found_exception") {
    what += describe_missing_index(cause);
  } else {
    what += describe_other(status, cause);
  }
  while (what.ends_with(' '))
    what.pop_back();
  return std::string(cut_utf8(what, bytes_max));
}

error_kind kind_of(int status) {
  switch (status) {
    case 401:
    case 403: return error_kind::forbidden;
    case 404: return error_kind::resource_not_found;
    case 408:
    case 504: return error_kind::timeout;
    case 413: return error_kind::too_large;
    case 429: return error_kind::overloaded;
    default: return status >= 500 ? error_kind::unavailable : error_kind::invalid_params;
  }
}

bool is_true(const json& in, const char* member) {
  const auto found = in.find(member);
  return found != in.end() && found->is_boolean() && found->get<bool>();
}

std::int64_t number_of(const json& in, const char* member) {
  const auto found = in.find(member);
  return found != in.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string describe_failed_shards(const json& shards) {
  const auto failed = number_of(shards, "failed");
  if (failed <= 0) return {};
  auto note = std::to_string(failed) + " of " + std::to_string(number_of(shards, "total")) + " shards failed";
  const auto failures = shards.find("failures");
  if (failures != shards.end() && failures->is_array()) {
    const auto cause = read_cause(json{{"error", {{"failed_shards", *failures}}}});
    const auto where = cause.index.empty() ? std::string() : cause.index + ": ";
    if (!cause.reason.empty()) note += " (" + where + clean_reason(cause.reason, 300) + ")";
  }
  return note + ", so their documents are missing here.";
}

}  // namespace

std::string describe_failure(int status, std::string_view body, std::string_view asked) {
  return describe_cause(status, read_cause(body), asked);
}

std::string describe_failed_item(const json& item, std::string_view asked) {
  const auto status = item.is_object() ? number_of(item, "status") : 0;
  return describe_cause(static_cast<int>(status), read_cause(item), asked);
}

base::error failure_of(int status, std::string_view body, std::string_view asked) {
  return base::fail(kind_of(status), describe_failure(status, body, asked));
}

std::optional<std::string> describe_partial(const json& search_reply) {
  if (!search_reply.is_object()) return std::nullopt;
  std::string note;
  const auto add = [&note](const std::string& sentence) {
    if (!sentence.empty()) note.append(note.empty() ? "" : " ").append(sentence);
  };
  if (is_true(search_reply, "timed_out")) add("The search ran out of time, so this is only what was found until then.");
  if (is_true(search_reply, "terminated_early")) add("The search ended early, as terminate_after asked.");
  const auto shards = search_reply.find("_shards");
  if (shards != search_reply.end() && shards->is_object()) add(describe_failed_shards(*shards));
  if (note.empty()) return std::nullopt;
  return note;
}

}  // namespace hydrant::providers::opensearch
