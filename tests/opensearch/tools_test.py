"""Every tool against a real OpenSearch: what it answers, how it fails, where its limits are."""

import csv
import io
import json
import re
import unittest

from support import clusters
from support.cases import ALL_CATEGORIES, ServerCase
from support.mcp import Bare, Modern, RpcError, Session, text_of

from films import FILMS_COUNT, KNOWN_FILMS, PLANTED

TOOLS = {
    "list_indices", "get_index_mapping", "get_shards", "search_index", "count", "explain", "msearch", "cluster_health",
    "cluster_state", "get_segments", "cat_nodes", "get_nodes", "get_index_info", "get_index_stats", "query_insights",
    "nodes_hot_threads", "get_allocation", "long_running_tasks", "ppl_query", "data_distribution", "log_patterns",
    "metric_change"}
BY_DEFAULT = {
    "list_indices", "get_index_mapping", "get_shards", "search_index", "count", "explain", "msearch", "cluster_health",
    "data_distribution", "log_patterns", "metric_change"}
LIGHTHOUSE = {"query": {"match": {"plot": "zephyrograph"}}}


class AllTools(ServerCase):
    """A server with everything on that only reads, and the generic tool besides."""

    flags = ("--opensearch-enabled-categories", ALL_CATEGORIES[1] + ",generic")


class Catalogue(AllTools):
    def test_holds_every_tool(self):
        self.assertEqual(set(self.client.tools()), TOOLS | {"opensearch_api"})

    def test_describes_every_tool_fully(self):
        for name, tool in self.client.tools().items():
            with self.subTest(name):
                self.assertRegex(name, r"^[a-z]+(_[a-z]+)*$")
                for member in ("title", "description", "inputSchema", "outputSchema", "annotations"):
                    self.assertTrue(tool.get(member), member)
                self.assertEqual(tool["inputSchema"]["type"], "object")
                self.assertEqual(tool["outputSchema"]["type"], "object")
                for parameter, schema in tool["inputSchema"].get("properties", {}).items():
                    self.assertTrue(schema.get("description"), f"{parameter} is not described")

    def test_says_that_they_only_read(self):
        for name, tool in self.client.tools().items():
            with self.subTest(name):
                self.assertIs(tool["annotations"].get("readOnlyHint"), True)
                self.assertIs(tool["annotations"].get("idempotentHint"), True)
                self.assertIsNot(tool["annotations"].get("destructiveHint"), True)

    def test_is_the_same_in_every_order_of_asking(self):
        self.assertEqual(self.client.tools(), Session(self.server).tools())


class Eras(AllTools):
    def test_a_call_gives_the_same_in_a_session_as_without(self):
        for tool, arguments in (("list_indices", {"index": "film*"}), ("count", {"index": "films"}),
                                ("get_index_mapping", {"index": "films"})):
            modern, session = (client.call(tool, **arguments) for client in (self.client, Session(self.server)))
            self.assertEqual(modern["structuredContent"], session["structuredContent"])
            self.assertEqual(text_of(modern), text_of(session))
            self.assertEqual(modern["resultType"], "complete")

    def test_arguments_that_do_not_fit_the_schema_are_named(self):
        for tool, arguments, word in (("search_index", {"index": "films"}, "query_dsl"),
                                      ("search_index", {"index": "films", "query_dsl": 7}, "query_dsl"),
                                      ("search_index", {"index": "films", "query_dsl": {}, "format": "xml"}, "format"),
                                      ("search_index", {"index": "films", "query_dsl": {}, "size": 101}, "size"),
                                      ("get_shards", {}, "index"), ("count", {"index": ["films"]}, "index"),
                                      ("list_indices", {"offset": -1}, "offset"),
                                      ("explain", {"index": "films", "body": {}}, "id")):
            with self.subTest(tool=tool, arguments=arguments):
                self.assert_says(self.why_not(tool, **arguments), word)

    def test_a_tool_that_is_not_there(self):
        with self.assertRaises(RpcError):
            self.client.call("drop_index")


class Stateless(ServerCase):
    environment = {"MCP_STATELESS": "true"}

    def test_serves_bare_requests_sessions_and_2026_07_28_alike(self):
        for client in (Bare(self.server), Session(self.server), Modern(self.server)):
            answer = client.call("count", index="films")
            self.assertEqual(text_of(answer), f"{FILMS_COUNT} documents match.")
            # Who names no revision is taken for one of 2025-03-26, which knows only text.
            self.assertEqual("structuredContent" in answer, type(client) is not Bare)

    def test_offers_by_default_what_the_core_and_the_skills_are(self):
        self.assertEqual(set(Bare(self.server).tools()), BY_DEFAULT)


class ListIndices(AllTools):
    def test_agrees_with_the_cluster(self):
        rows = {row["index"]: row for row in self.data("list_indices")["indices"]}
        for real in clusters.plain().rows("/_cat/indices?h=index,health,status,docs.count,store.size,pri,rep"):
            row = rows.pop(real["index"])
            for name in ("health", "status"):
                self.assertEqual(row[name], real[name])
            for name in ("docs.count", "store.size", "pri", "rep"):
                self.assertEqual(row[name], int(real[name]))
        self.assertEqual(rows, {})

    def test_is_a_table(self):
        text = text_of(self.ok("list_indices", index="films"))
        self.assert_says(text, r"^\| index \|.*\n\|---", r"\n\| films \| green \| open \| 30000 \|")

    def test_takes_patterns_and_aliases(self):
        def names(index):
            return [row["index"] for row in self.data("list_indices", index=index)["indices"]]
        self.assertEqual(names("film-logs-*"), PLANTED["indices"])
        self.assertEqual(names("movies"), ["films"])
        self.assertEqual(names("films,film-logs-2026.03.12"), ["film-logs-2026.03.12", "films"])

    def test_gives_names_alone(self):
        self.assertEqual(self.data("list_indices", index="films", include_detail=False)["indices"],
                         [{"index": "films"}])

    def test_gives_pages(self):
        page = self.data("list_indices", index="film-logs-*", limit=3)
        self.assertEqual((page["total"], page["offset"], page["returned"]), (4, 0, 3))
        self.assert_says(page["note"], "1 to 3 of 4", "offset 3")
        rest = self.data("list_indices", index="film-logs-*", offset=3)
        self.assertEqual([row["index"] for row in page["indices"] + rest["indices"]], PLANTED["indices"])
        beyond = self.data("list_indices", index="film-logs-*", offset=9)
        self.assertEqual(beyond["indices"], [])
        self.assert_says(beyond["note"], "past the last")

    def test_says_which_index_is_missing(self):
        self.assert_says(self.why_not("list_indices", index="flims"), "no index", "flims")

    def test_a_pattern_that_nothing_matches_is_no_error(self):
        self.assertEqual(self.data("list_indices", index="nothing-*")["indices"], [])


class Mappings(AllTools):
    def test_lists_every_field(self):
        fields = self.data("get_index_mapping", index="films")["indices"]["films"]["fields"]
        real = clusters.plain().get("/films/_mapping")["films"]["mappings"]["properties"]
        self.assertEqual({name for name in fields if "." not in name}, set(real))
        self.assertEqual(fields["released"]["type"], "date")
        self.assert_says(text_of(self.ok("get_index_mapping", index="films")), "title.*text", "title.keyword|keyword",
                         "yyyy-MM-dd")

    def test_shows_indices_with_the_same_mapping_once(self):
        result = self.ok("get_index_mapping", index="film-logs-*")
        self.assertEqual(len(result["structuredContent"]["indices"]), 4)
        self.assertEqual(text_of(result).count("trace_id"), 1)

    def test_takes_a_pattern_of_fields(self):
        fields = self.data("get_index_mapping", index="films", field="title*")["indices"]["films"]["fields"]
        self.assertEqual({name.split(".")[0] for name in fields}, {"title"})

    def test_says_which_index_is_missing(self):
        self.assert_says(self.why_not("get_index_mapping", index="flims"), "flims", "list_indices")


class Shards(AllTools):
    def test_agrees_with_the_cluster(self):
        rows = self.data("get_shards", index="films")["shards"]
        self.assertEqual([row["shard"] for row in rows], [0, 1, 2])
        self.assertEqual(sum(row["docs"] for row in rows), FILMS_COUNT)
        self.assertEqual({row["state"] for row in rows}, {"STARTED"})
        self.assert_says(text_of(self.ok("get_shards", index="films")), "films", "STARTED", "node-1")

    def test_says_which_index_is_missing(self):
        self.assert_says(self.why_not("get_shards", index="flims"), "flims")


class Search(AllTools):
    def hits(self, **arguments):
        return self.data("search_index", **arguments)["hits"]

    def test_finds_the_known_film_with_every_field(self):
        found = self.data("search_index", index="films", query_dsl=LIGHTHOUSE)
        self.assertEqual((found["total"], found["total_is_exact"]), (1, True))
        hit, = found["hits"]
        self.assertEqual((hit["_id"], hit["_source"]), ("film-lighthouse", KNOWN_FILMS["film-lighthouse"]))

    def test_takes_a_query_as_text(self):
        self.assertEqual(len(self.hits(index="films", query_dsl=json.dumps(LIGHTHOUSE))), 1)

    def test_takes_aliases_patterns_and_lists(self):
        for index, count in (("movies", FILMS_COUNT), ("film-logs-*,film-events", None), ("best-films", None)):
            real = clusters.plain().get(f"/{index}/_count")["count"]
            found = self.data("search_index", index=index, query_dsl={"track_total_hits": True}, size=0)
            self.assertEqual(found["total"], real)
            self.assertEqual(found["total"], count or real)

    def test_gives_ten_hits_unless_told_otherwise(self):
        self.assertEqual(len(self.hits(index="films", query_dsl={})), 10)
        self.assertEqual(len(self.hits(index="films", query_dsl={}, size=3)), 3)
        self.assertEqual(len(self.hits(index="films", query_dsl={"size": 5}, size=3)), 5)

    def test_gives_a_hundred_hits_at_most(self):
        self.assertEqual(len(self.hits(index="films", query_dsl={"size": 5000, "_source": False})), 100)

    def test_says_how_to_go_on(self):
        first = self.data("search_index", index="films", query_dsl={"sort": ["votes", "_id"], "_source": False}, size=4)
        self.assert_says(first["note"], r'"from": 4')
        dsl = {"sort": ["votes", "_id"], "_source": False, "from": 4}
        second = self.data("search_index", index="films", query_dsl=dsl, size=4)
        self.assert_says(second["note"], r'"from": 8')
        both = self.hits(index="films", query_dsl={"sort": ["votes", "_id"], "_source": False}, size=8)
        self.assertEqual([hit["_id"] for hit in first["hits"] + second["hits"]], [hit["_id"] for hit in both])

    def test_numbers_may_be_texts(self):
        dsl = {"sort": ["votes", "_id"], "_source": False, "size": "3", "from": "4"}
        found = self.data("search_index", index="films", query_dsl=dsl)
        self.assertEqual(len(found["hits"]), 3)
        self.assert_says(found["note"], r'"from": 7')

    def test_aggregates_sorts_and_highlights(self):
        dsl = {"size": 1, "query": {"match": {"plot": "zephyrograph"}}, "highlight": {"fields": {"plot": {}}},
               "aggs": {"by_country": {"terms": {"field": "country"}}}}
        found = self.data("search_index", index="films", query_dsl=dsl)
        self.assertEqual(found["aggregations"]["by_country"]["buckets"], [{"key": "Denmark", "doc_count": 1}])
        self.assertIn("<em>zephyrograph</em>", found["hits"][0]["highlight"]["plot"][0])

    def test_writes_csv_that_a_reader_reads_back(self):
        dsl = {"query": {"ids": {"values": list(KNOWN_FILMS)}}, "sort": ["year"]}
        text = text_of(self.ok("search_index", index="films", query_dsl=dsl, format="csv"))
        begin = text.index("_id,")
        rows = list(csv.DictReader(io.StringIO(text[begin:], newline="")))
        self.assertEqual([row["_id"] for row in rows], ["film-lighthouse", "film-commas"])
        self.assertEqual(rows[1]["title"].lstrip("'"), KNOWN_FILMS["film-commas"]["title"])
        self.assertEqual(rows[0]["cast"], "Oskar Eriksen; Ines Moreau")
        self.assertIn("🎬", rows[1]["plot"])

    def test_explains_what_is_wrong_with_a_query(self):
        for dsl, words in (({"query": {"mach": {"title": "x"}}}, ["mach", "query"]),
                           ({"qery": {}}, ["qery"]),
                           ({"query": {"range": {"released": {"gte": "soon"}}}}, ["soon"]),
                           ({"sort": ["title"]}, ["title", "keyword"]),
                           ({"from": 20_000}, ["search_after|narrow"]),
                           ({"query": {"script": {"script": "nonsense("}}}, ["script"]),
                           ({"query": {"query_string": {"query": "a AND ("}}}, ["parse"]),
                           ("{not json", ["query_dsl", "JSON"])):
            with self.subTest(dsl=dsl):
                self.assert_says(self.why_not("search_index", index="films", query_dsl=dsl), *words)

    def test_says_which_index_is_missing(self):
        self.assert_says(self.why_not("search_index", index="flims", query_dsl={}), "flims", "list_indices")

    def test_a_field_that_does_not_exist_finds_nothing(self):
        self.assertEqual(self.hits(index="films", query_dsl={"query": {"term": {"nonsense": 1}}}), [])


class CountExplainMsearch(AllTools):
    def test_counts(self):
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})
        real = clusters.plain().get("/_count")["count"]
        self.assertEqual(self.data("count"), {"count": real})
        self.assertEqual(self.data("count", index="films", body=LIGHTHOUSE), {"count": 1})
        self.assert_says(text_of(self.ok("count", index="films", body=LIGHTHOUSE)), "^1 document matches")

    def test_says_what_is_wrong_with_a_count(self):
        self.assert_says(self.why_not("count", index="films", body={"query": {"nope": {}}}), "nope")
        self.assert_says(self.why_not("count", index="flims"), "flims")

    def test_explains_a_score(self):
        found = self.data("explain", index="films", id="film-lighthouse", body=LIGHTHOUSE)
        self.assertTrue(found["matched"])
        self.assertGreater(found["explanation"]["value"], 0)
        text = text_of(self.ok("explain", index="films", id="film-lighthouse", body=LIGHTHOUSE))
        self.assert_says(text, "^film-lighthouse matches", "zephyrograph")

    def test_explains_why_a_document_is_not_found(self):
        self.assertFalse(self.data("explain", index="films", id="film-commas", body=LIGHTHOUSE)["matched"])
        self.assert_says(self.why_not("explain", index="films", id="film-nobody", body=LIGHTHOUSE), "film-nobody")
        self.assert_says(self.why_not("explain", index="flims", id="film-commas", body=LIGHTHOUSE), "flims")

    def test_searches_several_times_at_once(self):
        body = [{"index": "films"}, LIGHTHOUSE, {}, {"size": 0, "track_total_hits": True}, {"index": "flims"}, {},
                {"index": ["films"]}, {"sort": ["title"]}]
        result = self.ok("msearch", body=body)
        first, second, missing, wrong = result["structuredContent"]["responses"]
        self.assertEqual(first["hits"][0]["_id"], "film-lighthouse")
        self.assertEqual(second["total"], clusters.plain().get("/_count")["count"])
        self.assert_says(missing["error"], "flims")
        self.assert_says(wrong["error"], "keyword")
        self.assert_says(text_of(result), "Search 1", "zephyrograph", "Search 4")

    def test_one_query_that_cannot_be_read_ends_all_of_them(self):
        self.assert_says(self.why_not("msearch", body=[{}, {}, {}, {"query": {"nope": {}}}]), "nope")

    def test_takes_lines_of_json_and_an_index_for_all(self):
        lines = "{}\n" + json.dumps(LIGHTHOUSE) + "\n{}\n" + json.dumps({"query": {"ids": {"values": ["film-commas"]}}})
        found = self.data("msearch", index="films", body=lines)["responses"]
        self.assertEqual([one["hits"][0]["_id"] for one in found], ["film-lighthouse", "film-commas"])

    def test_refuses_what_is_no_list_of_searches(self):
        for body in ("nonsense", [{}], [{}, {}] * 21, [1, 2], []):
            with self.subTest(body=body):
                self.assert_says(self.why_not("msearch", body=body), "body")


class ClusterTools(AllTools):
    def test_health_of_all(self):
        real = clusters.plain().get("/_cluster/health")
        found = self.data("cluster_health")
        for name in ("cluster_name", "status", "number_of_nodes", "active_shards"):
            self.assertEqual(found[name], real[name])
        self.assert_says(text_of(self.ok("cluster_health")), "hydrant-tests", real["status"])

    def test_health_of_one_index(self):
        row, = self.data("cluster_health", index="films")["indices"]
        self.assertEqual((row["index"], row["status"], row["number_of_shards"]), ("films", "green", 3))

    def test_health_of_an_index_that_is_missing_ends_soon(self):
        result = self.client.call("cluster_health", index="flims")
        self.assert_says(text_of(result), "not exist|no index|in vain")

    def test_state(self):
        found = self.data("cluster_state")["state"]
        self.assertEqual(found["cluster_name"], "hydrant-tests")
        self.assertIn("nodes", found)
        of_films = self.data("cluster_state", index="films", metric="metadata")["state"]["metadata"]
        self.assertEqual(list(of_films["indices"]), ["films"])
        self.assert_says(self.why_not("cluster_state", metric="nonsense"), "metric")

    def test_segments(self):
        rows = self.data("get_segments", index="films", limit=1000)["segments"]
        self.assertEqual(sum(row["docs.count"] for row in rows), FILMS_COUNT)
        self.assert_says(self.why_not("get_segments", index="flims"), "flims")

    def test_nodes(self):
        row, = self.data("cat_nodes")["nodes"]
        self.assertEqual((row["name"], row["version"]), ("node-1", "2.19.4"))
        row, = self.data("cat_nodes", metrics="name,heap.max")["nodes"]
        self.assertEqual((row["name"], set(row)), ("node-1", {"name", "heap.max"}))
        node, = self.data("get_nodes")["nodes"].values()
        self.assertEqual(node["name"], "node-1")
        node, = self.data("get_nodes", node_id="node-1", metric="jvm")["nodes"].values()
        self.assertIn("jvm", node)
        self.assertNotIn("input_arguments", node["jvm"])
        self.assert_says(self.why_not("get_nodes", node_id="node-9"), "node-9")
        self.assert_says(self.why_not("get_nodes", metric="nonsense"), "metric")

    def test_hot_threads(self):
        self.assert_says(self.data("nodes_hot_threads", threads=1)["threads"], "node-1", "busiestThreads=1")

    def test_index_info(self):
        info = self.data("get_index_info", index="movies")["indices"]["films"]
        self.assertEqual(set(info["aliases"]), {"movies", "best-films"})
        self.assert_says(text_of(self.ok("get_index_info", index="films")), "number_of_shards.*3", "runtime_minutes")
        self.assert_says(self.why_not("get_index_info", index="flims"), "flims")

    def test_index_stats(self):
        found = self.data("get_index_stats", index="films", metric="docs,store")["statistics"]["indices"]["films"]
        self.assertEqual(found["primaries"]["docs"]["count"], FILMS_COUNT)
        self.assert_says(self.why_not("get_index_stats", index="films", metric="docs/../_refresh"), "metric")
        self.assert_says(self.why_not("get_index_stats", index="flims"), "flims")

    def test_allocation(self):
        row = next(row for row in self.data("get_allocation")["nodes"] if row["node"] == "node-1")
        real = next(row for row in clusters.plain().rows("/_cat/allocation") if row["node"] == "node-1")
        self.assertEqual(row["shards"], int(real["shards"]))

    def test_plugins_that_are_not_there_are_named(self):
        self.assert_says(self.why_not("query_insights"), "plugin")
        self.assert_says(self.why_not("ppl_query", query="source=films | head 1"), "plugin")

    def test_tasks(self):
        rows = self.data("long_running_tasks", actions="cluster:monitor/tasks/lists", limit=1)["tasks"]
        self.assertEqual([row["action"] for row in rows], ["cluster:monitor/tasks/lists"])


class Skills(AllTools):
    window = {"index": PLANTED["index"], "timeField": PLANTED["time_field"],
              "selectionTimeRangeStart": PLANTED["selection"][0], "selectionTimeRangeEnd": PLANTED["selection"][1]}
    compared = {**window, "baselineTimeRangeStart": PLANTED["baseline"][0],
                "baselineTimeRangeEnd": PLANTED["baseline"][1]}

    def test_the_distribution_shows_the_release_and_the_region(self):
        found = self.data("data_distribution", **self.compared)
        self.assertGreater(found["selection_documents"], 100)
        by_field = {one["field"]: one for one in found["fields"]}
        values = {one["value"]: one for one in by_field["version"]["values"]}
        self.assertGreater(values[PLANTED["new_version"]]["selection_percent"], 10)
        self.assertEqual(values[PLANTED["new_version"]].get("baseline_percent", 0), 0)
        region = {one["value"]: one for one in by_field["region"]["values"]}[PLANTED["region"]["name"]]
        self.assertGreater(region["selection_percent"], region["baseline_percent"] + 8)
        order = [one["field"] for one in found["fields"]]
        self.assertLess(order.index("version"), 5)

    def test_the_distribution_of_one_range_needs_no_baseline(self):
        result = self.ok("data_distribution", **self.window)
        self.assertIn("region", {one["field"] for one in result["structuredContent"]["fields"]})
        self.assert_says(text_of(result), "eu-west")

    def test_log_patterns_shows_what_is_new_and_what_is_gone(self):
        found = self.data("log_patterns", index=PLANTED["index"], timeField=PLANTED["time_field"],
                          logFieldName="message", selectionTimeRangeStart=PLANTED["selection"][0],
                          selectionTimeRangeEnd=PLANTED["selection"][1], baseTimeRangeStart=PLANTED["baseline"][0],
                          baseTimeRangeEnd=PLANTED["baseline"][1])
        new = next(one for one in found["new_patterns"]["patterns"] if PLANTED["template_words"] in one["pattern"])
        self.assertEqual(new["selection_count"], PLANTED["template_count"])
        gone = [one["pattern"] for one in found["gone_patterns"]["patterns"]]
        self.assertTrue(any(PLANTED["vanished_words"] in one for one in gone), gone)

    def test_log_patterns_follows_traces(self):
        found = self.data("log_patterns", index=PLANTED["index"], timeField=PLANTED["time_field"],
                          logFieldName="message", traceFieldName="trace_id",
                          selectionTimeRangeStart=PLANTED["selection"][0],
                          selectionTimeRangeEnd=PLANTED["selection"][1], baseTimeRangeStart=PLANTED["baseline"][0],
                          baseTimeRangeEnd=PLANTED["baseline"][1])
        self.assertGreater(found["sequences"]["total"], 0)
        self.assertIn(PLANTED["template_words"], json.dumps(found["sequences"]["shown"]))

    def test_metric_change_shows_latency_first_and_not_what_is_steady(self):
        found = self.data("metric_change", **self.compared)
        order = [one["field"] for one in found["changes"]]
        self.assertEqual(order[0], PLANTED["latency_field"])
        latency = found["changes"][0]
        self.assertGreaterEqual(latency["p50_ratio"], PLANTED["latency_factor"]["p50"])
        self.assertGreaterEqual(latency["p90_ratio"], PLANTED["latency_factor"]["p90"])
        steady = [one for one in found["changes"] if one["field"] in PLANTED["steady_fields"]]
        for one in steady:
            self.assertLess(one["change_score"], latency["change_score"] / 2)

    def test_bad_questions_are_explained(self):
        for tool, more, words in (("data_distribution", {"index": "flims"}, ["flims"]),
                                  ("data_distribution", {"timeField": "nonsense"}, ["nonsense|No document"]),
                                  ("data_distribution", {"selectionTimeRangeStart": "soon"}, ["soon|Start"]),
                                  ("metric_change", {"selectionTimeRangeEnd": "2026-03-12T13:00:00Z",
                                                     "selectionTimeRangeStart": "2026-03-12T14:00:00Z"},
                                   ["end|before"]),
                                  ("metric_change", {"topN": 0}, ["topN"])):
            with self.subTest(tool=tool, **more):
                try:
                    result = self.client.call(tool, **{**self.compared, **more})
                    said = text_of(result)
                except RpcError as refused:
                    said = refused.message
                self.assert_says(said, *words)


class Generic(AllTools):
    def test_reads(self):
        found = self.data("opensearch_api", path="/_cat/count/films", query_params={"format": "json"})
        self.assertEqual((found["status"], found["body"][0]["count"]), (200, str(FILMS_COUNT)))
        found = self.data("opensearch_api", path="/films/_search", method="POST", body={"size": 1, **LIGHTHOUSE})
        self.assertEqual(found["body"]["hits"]["hits"][0]["_id"], "film-lighthouse")

    def test_shows_what_the_cluster_says_of_errors(self):
        result = self.client.call("opensearch_api", path="/flims/_search")
        self.assertTrue(result["isError"])
        self.assertEqual(result["structuredContent"]["status"], 404)
        self.assert_says(text_of(result), "HTTP 404", "index_not_found")

    def test_reads_what_is_no_json(self):
        self.assert_says(text_of(self.ok("opensearch_api", path="/_cat/health")), "hydrant-tests")
        self.assert_says(text_of(self.ok("opensearch_api", path="/films", method="HEAD")), "HTTP 200")


class ResourcesAndPrompts(AllTools):
    def read(self, uri):
        content, = self.client.request("resources/read", {"uri": uri})["contents"]
        self.assertEqual((content["uri"], content["mimeType"]), (uri, "application/json"))
        return json.loads(content["text"])

    def test_resources_are_what_the_cluster_says(self):
        listed = {one["uri"] for one in self.client.request("resources/list")["resources"]}
        self.assertEqual(listed, {"opensearch://indices", "opensearch://cluster/health"})
        self.assertIn("films", [row["index"] for row in self.read("opensearch://indices")["indices"]])
        self.assertEqual(self.read("opensearch://cluster/health")["cluster_name"], "hydrant-tests")

    def test_templates_are_filled_with_the_name_of_an_index(self):
        for part in ("mapping", "settings"):
            real = clusters.plain().get(f"/films/_{part}" + ("?flat_settings" if part == "settings" else ""))
            self.assertEqual(self.read(f"opensearch://indices/films/{part}"), real)
        sample = self.read("opensearch://indices/films/sample")
        self.assertEqual(len(sample["documents"]), 3)
        self.assertIn("film-logs-2026.03.09", self.read("opensearch://indices/film-logs-*/mapping"))

    def test_what_is_not_there_is_an_error(self):
        for uri in ("opensearch://indices/flims/mapping", "opensearch://indices/_cluster/settings",
                    "opensearch://nothing",
                    "opensearch://indices/films/documents", "opensearch://indices/..%2F_cluster/settings"):
            with self.subTest(uri), self.assertRaises(RpcError):
                self.client.request("resources/read", {"uri": uri})

    def complete(self, ref, typed):
        return self.client.request("completion/complete", {
            "ref": ref, "argument": {"name": "index", "value": typed}})["completion"]["values"]

    def test_names_of_indices_are_completed(self):
        for ref in ({"type": "ref/resource", "uri": "opensearch://indices/{index}/mapping"},
                    {"type": "ref/prompt", "name": "explore_index"}):
            clusters.eventually(lambda: self.complete(ref, "film"), "names are known")
            self.assertIn("film-logs-2026.03.10", self.complete(ref, "film-l"))
            self.assertIn("movies", self.complete(ref, "MOV"))
            self.assertEqual(self.complete(ref, "no such index"), [])

    def test_prompts_name_the_tools_and_what_they_are_told(self):
        prompts = {one["name"]: one for one in self.client.request("prompts/list")["prompts"]}
        self.assertLessEqual({"explore_index", "debug_slow_query"}, set(prompts))
        for name, prompt in prompts.items():
            with self.subTest(name):
                arguments = {one["name"]: f"<{one['name']}>" for one in prompt["arguments"]}
                got = self.client.request("prompts/get", {"name": name, "arguments": arguments})
                text = got["messages"][0]["content"]["text"]
                for value in arguments.values():
                    self.assertIn(value, text)
                for word in set(re.findall(r"\b[a-z]+_[a-z_]+\b", text)) & (TOOLS | {"opensearch_api"}):
                    self.assertIn(word, self.client.tools())
                self.assert_says(text, "search_index", "get_index_mapping")


class Limits(ServerCase):
    flags = (*ALL_CATEGORIES, "--opensearch-max-result-size", "4KiB", "--opensearch-max-hits", "20")
    size = 4 * 1024
    envelope = 600  # for the note and what surrounds it

    def assert_within(self, result):
        self.assertLessEqual(len(text_of(result).encode()), self.size + self.envelope)
        compact = json.dumps(result["structuredContent"], ensure_ascii=False, separators=(",", ":"))
        self.assertLessEqual(len(compact.encode()), self.size + self.envelope)

    def test_hits_that_do_not_fit_are_left_out_and_the_rest_can_be_had(self):
        seen = []
        dsl = {"sort": ["votes", "_id"], "from": 0}
        while len(seen) < 20:
            result = self.ok("search_index", index="films", query_dsl=dsl, size=20)
            self.assert_within(result)
            found = result["structuredContent"]
            self.assertGreater(len(found["hits"]), 0)
            seen += [hit["_id"] for hit in found["hits"]]
            dsl["from"] = int(re.search(r'"from": (\d+)', found["note"])[1])
            self.assertEqual(dsl["from"], len(seen))
        real = clusters.plain().rest.call("POST", "/films/_search", {"sort": ["votes", "_id"], "size": len(seen)})
        self.assertEqual(seen, [hit["_id"] for hit in real["hits"]["hits"]])

    def test_hits_are_bounded_by_the_setting(self):
        found = self.data("search_index", index="films", query_dsl={"size": 100, "_source": False})
        self.assertLessEqual(len(found["hits"]), 20)
        self.assert_says(self.why_not("search_index", index="films", query_dsl={}, size=21), "size")

    def test_aggregations_that_do_not_fit_are_left_out_as_a_whole(self):
        dsl = {"size": 0, "aggs": {"titles": {"terms": {"field": "title.keyword", "size": 1000}}}}
        result = self.ok("search_index", index="films", query_dsl=dsl)
        self.assert_within(result)
        self.assertNotIn("aggregations", result["structuredContent"])
        self.assert_says(result["structuredContent"]["note"], "aggregations are left out")

    def test_every_other_tool_keeps_to_it(self):
        searches = [{"index": "films"}, {"size": 20}] * 10
        for tool, arguments in (("get_segments", {"limit": 1000}), ("get_index_info", {"index": "*"}),
                                ("get_index_stats", {"index": "*", "metric": "_all"}),
                                ("cluster_state", {"metric": "_all"}),
                                ("get_nodes", {"metric": "_all"}), ("nodes_hot_threads", {"threads": 20}),
                                ("msearch", {"body": searches}), ("get_index_mapping", {"index": "*"}),
                                ("list_indices", {"limit": 1000}), ("get_shards", {"index": "*", "limit": 1000}),
                                ("cluster_health", {"index": "*"}), ("cat_nodes", {"metrics": "*"}),
                                ("data_distribution", Skills.compared), ("metric_change", Skills.compared)):
            with self.subTest(tool):
                self.assert_within(self.ok(tool, **arguments))


class SmallReplies(ServerCase):
    flags = ("--opensearch-max-response-size", "64KiB")

    def test_a_reply_that_is_too_large_is_refused_and_the_next_is_not(self):
        dsl = {"query": {"match_all": {}}, "size": 100}
        self.assert_says(self.why_not("search_index", index="films", query_dsl={**dsl, "explain": True}),
                         "larger|fewer")
        self.data("search_index", index="films", query_dsl={"size": 1})


if __name__ == "__main__":
    unittest.main()
