#include "providers/opensearch/render/search_reply.hpp"

#include "providers/opensearch/render/csv.hpp"
#include "providers/opensearch/render/failure.hpp"
#include "providers/opensearch/render/outline.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

constexpr std::size_t columns_max = 200;

// What a model needs of a hit, most of which comes only if it was asked for.
json slim(const json& hit) {
  json out = json::object();
  for (const char* name : {"_index", "_id", "_score", "_source", "fields", "highlight", "sort", "inner_hits",
                           "_version", "_seq_no", "_primary_term", "_nested", "matched_queries", "_explanation"}) {
    const auto& value = member(hit, name);
    if (!value.is_null()) out[name] = value;
  }
  return out;
}

struct total {
  std::int64_t value = 0;
  bool exact = true;
  bool known = true;
};

// An object since version 7, a number before that and with rest_total_hits_as_int, nothing with track_total_hits false.
total total_of(const json& hits, std::size_t shown) {
  const auto& given = member(hits, "total");
  if (given.is_number_integer()) return {given.get<std::int64_t>(), true};
  const auto& value = member(given, "value");
  if (value.is_number_integer()) return {value.get<std::int64_t>(), member(given, "relation") != "gte"};
  return {static_cast<std::int64_t>(shown), false, false};
}

/// Takes hits as long as there is room, counting what both forms come to.
json hits_that_fit(const json& all, std::size_t bytes_max) {
  json out = json::array();
  std::size_t bytes = 0;
  for (const auto& hit : all) {
    auto one = slim(hit);
    bytes += protocol::to_text(one).size() + 1;
    if (bytes > bytes_max) break;
    out.push_back(std::move(one));
  }
  return out;
}

void append_note(std::string& note, std::string_view more) {
  if (!note.empty()) note += ' ';
  note += more;
}

std::string paging_note(const search_form& form, std::size_t shown, std::size_t came, const total& all) {
  if (shown == 0 && came > 0)
    return "The first hit alone is larger than " + std::to_string(form.bytes_max) +
           " bytes; name the fields you need in _source.";
  const auto next = form.from + static_cast<std::int64_t>(shown);
  std::string note;
  if (shown < came) note = "Only the hits that fit are shown; name the fields you need in _source to see more at once.";
  // No hits at all came where none were asked for.
  if (shown < came || (came > 0 && next < all.value))
    append_note(note, R"(For the next ones set "from": )" + std::to_string(next) + " in query_dsl.");
  return note;
}

std::string headline(const total& all, const search_form& form, std::size_t shown, const json& took) {
  const bool one = all.value == 1 && all.exact;
  std::string out =
      std::to_string(all.value) + (all.exact ? "" : " or more") + (one ? " document matches" : " documents match");
  if (!all.known) out = "It was not counted how many documents match";
  if (shown > 0) {
    out += "; " + std::to_string(form.from + 1) + " to " +
           std::to_string(form.from + static_cast<std::int64_t>(shown)) + " follow";
  }
  if (took.is_number_integer()) out += " (" + std::to_string(took.get<std::int64_t>()) + " ms)";
  return out + ".";
}

hit_rows hits_as_lines(const json& hits) {
  hit_rows out;
  for (const auto& hit : hits)
    protocol::append_text(out.text, hit), out.text += '\n';
  return out;
}

// The hits in the form that was asked for, as many as fit in that, too: CSV of unlike documents is mostly commas.
hit_rows rows_of(json& hits, const search_form& form) {
  const auto write = form.format == hit_format::csv ? hits_as_csv : hits_as_lines;
  auto rows = write(hits);
  while (rows.text.size() > form.bytes_max && !hits.empty()) {
    hits.erase(hits.begin() + static_cast<std::ptrdiff_t>(hits.size() / 2), hits.end());
    rows = write(hits);
  }
  return rows;
}

// All or nothing: half of an aggregation is misleading.
void add_whole(rendered& to, const json& reply, const char* name, std::size_t bytes_max, std::string& note) {
  const auto& value = member(reply, name);
  if (!value.is_object() || value.empty()) return;
  const auto text = protocol::to_text(value);
  const auto taken = std::max(to.text.size(), protocol::to_text(to.structured).size());
  if (taken + text.size() > bytes_max) {
    append_note(note, std::string(name) + " are left out, since they have " + std::to_string(text.size()) +
                          " bytes; ask for fewer buckets, or for no hits with \"size\": 0.");
    return;
  }
  to.structured[name] = value;
  to.text.append("\n").append(name).append(":\n").append(text).append("\n");
}

}  // namespace

rendered render_search(const json& reply, const search_form& form) {
  const auto& outer = member(reply, "hits");
  const auto& all_hits = member(outer, "hits");
  auto hits = hits_that_fit(all_hits, form.bytes_max);
  const auto rows = rows_of(hits, form);
  const auto all = total_of(outer, all_hits.size());
  const auto& took = member(reply, "took");

  rendered out;
  out.structured = {{"total", all.value}, {"total_is_exact", all.exact}, {"hits", hits}};
  if (took.is_number_integer()) out.structured["took_ms"] = took;
  out.text = headline(all, form, hits.size(), took) + "\n";
  if (!hits.empty()) out.text += "\n" + rows.text;

  auto note = paging_note(form, hits.size(), all_hits.size(), all);
  if (!rows.note.empty()) append_note(note, rows.note);
  add_whole(out, reply, "aggregations", form.bytes_max, note);
  add_whole(out, reply, "suggest", form.bytes_max, note);
  if (const auto missing = describe_partial(reply)) append_note(note, *missing);
  if (note.empty()) return out;
  out.structured["note"] = note;
  out.text += "\n" + note + "\n";
  return out;
}

std::int64_t total_hits(const json& reply) {
  const auto& outer = member(reply, "hits");
  return total_of(outer, member(outer, "hits").size()).value;
}

json search_schema() {
  const json integer = {{"type", "integer"}};
  const json object = {{"type", "object"}};
  return {{"type", "object"},
          {"properties",
           {{"total", integer},
            {"total_is_exact", {{"type", "boolean"}, {"description", "false: there are at least so many"}}},
            {"took_ms", integer},
            {"hits", {{"type", "array"}, {"items", object}}},
            {"aggregations", object},
            {"suggest", object},
            {"note", {{"type", "string"}, {"description", "What was left out, and how to get it"}}}}},
          {"required", {"total", "total_is_exact", "hits"}}};
}

hit_rows hits_as_csv(const json& hits) {
  csv_table table({"_id"}, columns_max);
  for (const auto& hit : hits) {
    table.begin_row();
    table.put("_id", member(hit, "_id"));
    const auto& source = member(hit, "_source");
    table.put_all(source.is_object() ? source : member(hit, "fields"));
  }
  if (!table.is_cut()) return {table.text(), {}};
  return {table.text(),
          "Only the first " + std::to_string(columns_max) + " columns are shown; name the fields you need in _source."};
}

}  // namespace hydrant::providers::opensearch
