"""Rules about indices hold for every tool and every way round them: what is denied cannot be seen, and what is allowed
still works."""

import json
import unittest
import urllib.parse
from typing import Any

from support import clusters
from support.cases import ALL_CATEGORIES, ServerCase
from support.mcp import Message, RpcError

from films import FILMS_COUNT

SECRET = "films-secret"
# In each of the secret documents, or about them.
MARKS = ("undisclosed", "Untitled Project", "secret-0", "secret-1")
ALIAS, MIXED = "rules-hidden", "rules-mixed"  # of the secret index alone, of it and of films


class Ruled(ServerCase):
    """Everything on; the aliases are there meanwhile."""

    flags = ("--opensearch-enabled-categories", ALL_CATEGORIES[1] + ",generic", "--opensearch-index-deny", SECRET)

    @classmethod
    def setUpClass(cls) -> None:
        clusters.plain().rest.call("POST", "/_aliases", {"actions": [
            {"add": {"index": SECRET, "alias": ALIAS}}, {"add": {"indices": [SECRET, "films"], "alias": MIXED}}]})
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        clusters.plain().rest.call("POST", "/_aliases", {"actions": [
            {"remove": {"index": SECRET, "alias": ALIAS}}, {"remove": {"indices": [SECRET, "films"], "alias": MIXED}}]})

    def answer(self, tool: str, arguments: Message) -> str:
        """All that a client sees of it, whether it failed or not."""
        try:
            return json.dumps(self.client.call(tool, **arguments), ensure_ascii=False)
        except RpcError as refused:
            return refused.message

    def assert_reveals_nothing(self, tool: str, arguments: Message) -> None:
        seen = self.answer(tool, arguments)
        for mark in (*MARKS, SECRET):
            # What the caller wrote may come back.
            if mark not in json.dumps(arguments):
                self.assertNotIn(mark, seen, f"{tool} {arguments}")


WAYS = (SECRET, "films-*", "films*", "film*,-nothing", "*", "_all", "", "films," + SECRET, ALIAS, MIXED, "rules-*",
        "*secret",
        "films-secre?", "films-SECRET", "<films-secret>", "<films-{now/d}>", "%66ilms-secret", "films%2Dsecret",
        "+" + SECRET, " " + SECRET, SECRET + " ", "*,-films", "-films", "*:*", "local:" + SECRET, ".*,*secret",
        "*," + ALIAS,
        "film-logs-*," + SECRET, f"{SECRET}/_search", f"films/_search?index={SECRET}", "fi*ms*se*et",
        "films,,films-secret")


class WithoutRules(Ruled):
    """What is tried below does reveal the documents where nothing forbids it."""

    flags = ("--opensearch-enabled-categories", ALL_CATEGORIES[1] + ",generic")

    def test_it_can_be_seen(self):
        for way in (SECRET, "films-*", "*", "", ALIAS, MIXED, "*secret", "film-logs-*," + SECRET):
            if way:
                self.assertIn(MARKS[1], self.answer("search_index", _with("search_index", way)))
            self.assertIn(MARKS[1], self.answer("msearch", _with("msearch", way)))
        for tool in ("list_indices", "get_shards", "get_segments", "get_index_mapping", "cluster_health"):
            self.assertIn(SECRET, self.answer(tool, _with(tool, "films*")))
        for query in (Searches.LOOKUP, Searches.LIKE):
            found = self.data("search_index", index="films*", query_dsl={"query": query})
            self.assertEqual({hit["_index"] for hit in found["hits"]}, {SECRET})
        self.assertIn(SECRET, self.answer("opensearch_api", {"path": "/_cat/indices"}))


class EveryTool(Ruled):
    def test_reveals_nothing_by_the_index(self):
        for tool, schema in self.client.tools().items():
            if "index" not in schema["inputSchema"].get("properties", {}):
                continue
            for way in WAYS:
                with self.subTest(tool=tool, index=way):
                    self.assert_reveals_nothing(tool, _with(tool, way))

    def test_reveals_nothing_without_arguments(self):
        for tool in self.client.tools():
            with self.subTest(tool):
                self.assert_reveals_nothing(tool, _with(tool, None))

    def test_reveals_nothing_by_what_it_shows_of_the_cluster(self):
        for tool, arguments in (("cluster_state", {"metric": "_all"}), ("cluster_state", {"metric": "metadata"}),
                                ("cluster_state", {"metric": "routing_table,routing_nodes,blocks"}),
                                ("cluster_state", {"metric": "_all", "index": "*"}), ("get_nodes", {"metric": "_all"}),
                                ("cat_nodes", {"metrics": "*"}), ("get_allocation", {}), ("cluster_health", {})):
            with self.subTest(tool=tool, **arguments):
                self.assert_reveals_nothing(tool, arguments)

    def test_tools_that_cannot_keep_to_rules_are_not_offered(self):
        for tool in ("nodes_hot_threads", "long_running_tasks", "query_insights", "ppl_query"):
            with self.subTest(tool):
                self.assertNotIn(tool, self.client.tools())
                with self.assertRaises(RpcError):
                    self.client.call(tool)


def _with(tool: str, index: str | None) -> Message:
    window = {"selectionTimeRangeStart": "2026-03-12T14:00:00Z", "selectionTimeRangeEnd": "2026-03-12T14:01:00Z",
              "timeField": "released"}
    before = {"baselineTimeRangeStart": "2026-03-12T12:00:00Z", "baselineTimeRangeEnd": "2026-03-12T12:01:00Z"}
    match = {"query": {"match": {"title": "Untitled"}}}
    extra: dict[str, Message] = {
        "search_index": {"query_dsl": match}, "count": {"body": match}, "explain": {"id": "secret-1", "body": match},
        "msearch": {"body": [{}, match]}, "data_distribution": window, "metric_change": {**window, **before},
        "log_patterns": {**window, "logFieldName": "plot"}, "opensearch_api": {"path": "/_cat/indices"},
        "list_indices": {"limit": 1000}, "get_segments": {"limit": 1000}, "get_shards": {"limit": 1000}}
    return {**({} if index is None else {"index": index}), **extra.get(tool, {})}


class Searches(Ruled):
    """Bodies that reach further than the index that they are sent to."""

    LOOKUP = {"terms": {"title.keyword": {"index": SECRET, "id": "secret-1", "path": "title.keyword"}}}
    LIKE = {"more_like_this": {"fields": ["title"], "min_term_freq": 1, "min_doc_freq": 1,
                               "like": [{"_index": SECRET, "_id": "secret-1"}]}}
    SHAPE = {"geo_shape": {"place": {"indexed_shape": {"index": SECRET, "id": "secret-1", "path": "place"}}}}

    def test_no_query_looks_elsewhere(self):
        for query in (self.LOOKUP, self.LIKE, self.SHAPE, {"percolate": {"field": "q", "index": SECRET,
                                                                         "id": "secret-1"}},
                      {"bool": {"should": [{"bool": {"filter": self.LOOKUP}}]}},
                      {"wrapper": {"query": "eyJtYXRjaF9hbGwiOnt9fQ=="}}):
            for index in ("films", "*"):
                for dsl in ({"query": query}, {"query": {"match_all": {}}, "post_filter": query},
                            {"size": 0, "aggs": {"a": {"filter": query}}},
                            {"rescore": {"window_size": 5, "query": {"rescore_query": query}}}):
                    with self.subTest(index=index, dsl=dsl):
                        self.why_not("search_index", index=index, query_dsl=dsl)
                        self.why_not("search_index", index=index, query_dsl=json.dumps(dsl))
                        self.why_not("msearch", body=[{"index": index}, dsl])

    def test_a_boost_does_not_tell_which_names_exist(self):
        failed = [bool(self.client.call("search_index", index="films", query_dsl={
            "size": 0, "indices_boost": [{name: 2}]}).get("isError")) for name in (SECRET, "films-nobody")]
        self.assertEqual(*failed)

    def test_explain_and_count_do_not_either(self):
        self.why_not("count", index="films", body={"query": self.LOOKUP})
        self.why_not("explain", index="films", id="film-commas", body={"query": self.LIKE})

    def test_no_handle_is_taken(self):
        pit = clusters.plain().rest.call("POST", f"/{SECRET}/_search/point_in_time?keep_alive=1m")["pit_id"]
        scroll = clusters.plain().rest.call("POST", f"/{SECRET}/_search?scroll=1m", {"size": 1})["_scroll_id"]
        try:
            for dsl in ({"pit": {"id": pit}}, {"pit": {"id": pit, "keep_alive": "1m"}, "query": {"match_all": {}}}):
                for index in ("films", "*"):
                    self.why_not("search_index", index=index, query_dsl=dsl)
                self.why_not("msearch", body=[{}, dsl])
                self.why_not("opensearch_api", path="/_search", method="POST", body=dsl)
            self.why_not("opensearch_api", path="/_search/scroll", method="POST", body={"scroll_id": scroll})
            self.why_not("opensearch_api", path="/_search/scroll", query_params={"scroll_id": scroll})
        finally:
            clusters.plain().rest.call("DELETE", "/_search/point_in_time", {"pit_id": [pit]})
            clusters.plain().rest.call("DELETE", "/_search/scroll", {"scroll_id": [scroll]})

    def test_headers_of_msearch_are_narrowed(self):
        match = {"query": {"match": {"title": "Untitled"}}, "size": 50}
        for header in ({"index": SECRET}, {"index": ["films", SECRET]}, {"index": ALIAS}, {"index": MIXED},
                       {"indices": SECRET},
                       {"index": "*"}, {"index": ["films*"]}, {}, {"index": "films", "indices": [SECRET]},
                       {"index": None},
                       {"index": []}, {"index": ""}, {"index": "films", "routing": "x", "preference": "_local"}):
            with self.subTest(header):
                self.assert_reveals_nothing("msearch", {"body": [header, match]})
                self.assert_reveals_nothing("msearch", {"body": json.dumps(header) + "\n" + json.dumps(match) + "\n"})
        self.assert_reveals_nothing("msearch", {"index": "films-*", "body": [{}, match]})

    def test_aggregations_over_the_name_of_the_index_show_no_other(self):
        dsl = {"size": 0, "aggs": {"names": {"terms": {"field": "_index", "size": 50}}}}
        buckets = self.data("search_index", index="film*", query_dsl=dsl)["aggregations"]["names"]["buckets"]
        names = {bucket["key"] for bucket in buckets}
        self.assertIn("films", names)
        self.assertNotIn(SECRET, names)


class Generic(Ruled):
    def test_reveals_nothing(self):
        quoted = urllib.parse.quote(SECRET)
        for path in ("/", "/_cat/indices", "/_cat/shards", "/_cat/segments", "/_cat/aliases", "/_cat/count", "/_search",
                     "/_count", "/_mapping", "/_alias", "/_aliases", "/_settings", "/_stats", "/_all", "/_all/_search",
                     "/*/_search", "/films*/_search", f"/{SECRET}", f"/{SECRET}/_search", f"/{ALIAS}/_search",
                     f"/{MIXED}/_search", f"/films,{SECRET}/_search", f"/{quoted}/_doc/secret-1",
                     f"/{SECRET}/_source/secret-1",
                     "/_cluster/state", "/_cluster/health", "/_cluster/stats", "/_tasks", "/_nodes/stats",
                     "/_resolve/index/*",
                     f"/_resolve/index/{SECRET}", "/_mget", "/_msearch", "/_field_caps", "/_validate/query",
                     "/_segments",
                     "/_recovery", "/_shard_stores", "/_data_stream", "/_search_shards", "/_index_template",
                     "/_template",
                     f"/_cat/indices/{SECRET}", f"/_cat/shards/{SECRET}", f"/_cluster/health/{SECRET}",
                     f"/_alias/{ALIAS}", "/_cat/recovery", "/_cat/fielddata", "/_nodes/hot_threads",
                     "/films/../films-secret/_search",
                     "/films%2C" + SECRET + "/_search", "/%66ilms-secret/_search", "/_plugins/_sql", "/_plugins/_ppl",
                     "/_search/point_in_time/_all", "/_cat/plugins", "/film*/_alias", "/movies/_alias",
                     "/films/_alias"):
            with self.subTest(path):
                self.assert_reveals_nothing("opensearch_api", {"path": path})

    def test_reveals_nothing_by_parameters_and_bodies(self):
        mget = {"docs": [{"_index": SECRET, "_id": "secret-1"}]}
        lookup = {"query": Searches.LOOKUP}
        for path, parameters, body in (
                ("/films/_search", {"index": SECRET}, None), ("/films/_search", {"source": json.dumps(lookup),
                                                              "source_content_type": "application/json"}, None),
                ("/films/_mget", {}, mget), ("/_mget", {}, mget),
                ("/films/_mget", {}, {"docs": [{"_index": ALIAS, "_id": "secret-1"}]}),
                ("/films/_msearch", {}, [{"index": SECRET}, {}]), ("/films/_search", {}, lookup),
                ("/films/_msearch", {}, json.dumps({"index": SECRET}) + "\n{}\n"),
                ("/films/_mtermvectors", {}, {"docs": [{"_index": SECRET, "_id": "secret-1", "fields": ["plot"]}]}),
                ("/films/_rank_eval", {}, {"requests": [], "metric": {}}),
                ("/films/_search/template", {}, {"source": json.dumps(lookup)}),
                ("/films/_validate/query", {"explain": True, "rewrite": True}, lookup),
                ("/films/_search", {"q": f"_index:{SECRET}"}, None)):
            for method in ("GET", "POST"):
                with self.subTest(path=path, method=method):
                    self.assert_reveals_nothing("opensearch_api", {"path": path, "method": method, "body": body,
                                                                   "query_params": parameters})

    def test_what_is_allowed_works(self):
        found = self.data("opensearch_api", path="/films/_count")
        self.assertEqual(found["body"]["count"], FILMS_COUNT)
        found = self.data("opensearch_api", path="/films*/_search", method="POST",
                          body={"size": 0, "track_total_hits": True})
        self.assertEqual(found["body"]["hits"]["total"]["value"], FILMS_COUNT)


class GenericThatWrites(Ruled):
    flags = (*Ruled.flags[:-1], SECRET + "*", "--opensearch-allow-write", "true")

    def test_cannot_copy_what_is_denied(self):
        for method, path, body in (
                ("POST", "/_reindex", {"source": {"index": SECRET}, "dest": {"index": "rules-copy"}}),
                ("POST", f"/{SECRET}/_clone/rules-copy", None), ("PUT", f"/{SECRET}/_alias/rules-copy", None),
                ("POST", "/_aliases", {"actions": [{"add": {"index": SECRET, "alias": "rules-copy"}}]}),
                ("PUT", f"/{SECRET}/_doc/mine", {"title": "mine"}), ("DELETE", f"/{SECRET}", None),
                ("DELETE", f"/{ALIAS}", None),
                ("POST", f"/{SECRET}/_search/point_in_time", None), ("PUT", "/rules-copy", {"aliases": {SECRET: {}}}),
                ("POST", "/_bulk", [{"delete": {"_index": SECRET, "_id": "secret-1"}}]),
                ("POST", "/films/_bulk", [{"delete": {"_index": SECRET, "_id": "secret-1"}}]),
                ("POST", f"/films/_bulk", json.dumps({"delete": {"_index": SECRET, "_id": "secret-1"}}) + "\n"),
                ("DELETE", "/_all", None), ("PUT", "/_snapshot/x", {"type": "fs"})):
            with self.subTest(f"{method} {path}"):
                self.why_not("opensearch_api", method=method, path=path, body=body)
        self.assertEqual(clusters.plain().get(f"/{SECRET}/_count")["count"], 5)
        self.assertNotIn("rules-copy", clusters.plain().get("/_alias"))

    def test_makes_nothing_under_a_name_that_is_denied(self):
        rest = clusters.plain().rest
        rest.delete("/rules-source")
        rest.call("PUT", "/rules-source", {"settings": {"number_of_replicas": 0, "index.blocks.write": True}})
        denied = SECRET + "-copy"
        try:
            for method, path in (("PUT", f"/{denied}"), ("POST", f"/rules-source/_clone/{denied}"),
                                 ("POST", f"/rules-source/_split/{denied}"),
                                 ("POST", f"/rules-source/_shrink/{denied}"),
                                 ("POST", f"/{denied}/_doc")):
                with self.subTest(path):
                    said = self.why_not("opensearch_api", method=method, path=path, body={})
                    self.assert_says(said, "rules of this server")
            self.assertNotIn(denied, clusters.plain().get("/_alias"))
        finally:
            rest.delete("/rules-source")
            rest.delete(f"/{denied}")


class Resources(Ruled):
    def read(self, uri: str) -> str:
        try:
            return json.dumps(self.client.request("resources/read", {"uri": uri}))
        except RpcError as refused:
            return refused.message

    def test_are_held_to_the_rules(self):
        for part in ("mapping", "settings", "sample"):
            for way in WAYS:
                uri = f"opensearch://indices/{urllib.parse.quote(way, safe='')}/{part}"
                with self.subTest(uri):
                    seen = self.read(uri)
                    for mark in MARKS:
                        self.assertNotIn(mark, seen)
                    if SECRET not in urllib.parse.unquote(uri):
                        self.assertNotIn(SECRET, seen)
        self.assertNotIn(SECRET, self.read("opensearch://indices"))
        self.assertNotIn(SECRET, self.read("opensearch://cluster/health"))

    def test_that_are_allowed_work(self):
        mapping = self.client.request("resources/read", {"uri": "opensearch://indices/films/mapping"})
        self.assertIn("runtime_minutes", mapping["contents"][0]["text"])
        indices = json.loads(self.client.request("resources/read",
                                                 {"uri": "opensearch://indices"})["contents"][0]["text"])
        self.assertIn("films", [row["index"] for row in indices["indices"]])

    def test_templates_are_listed(self):
        templates = self.client.request("resources/templates/list")["resourceTemplates"]
        self.assertIn("opensearch://indices/{index}/mapping", [one["uriTemplate"] for one in templates])

    def test_completion_does_not_suggest_what_is_denied(self):
        def suggested(typed: str) -> list[str]:
            return self.client.request("completion/complete", {
                "ref": {"type": "ref/resource", "uri": "opensearch://indices/{index}/mapping"},
                "argument": {"name": "index", "value": typed}})["completion"]["values"]
        clusters.eventually(lambda: "films" in suggested("fi"), "names are known", 15)
        for typed in ("", "fi", "films-", "rules", "secret"):
            self.assertNotIn(SECRET, suggested(typed))
        self.assertIn("movies", suggested("mov"))


class Allowed(Ruled):
    """A list of what may be reached, and something denied of it."""

    flags = ("--opensearch-enabled-categories", ALL_CATEGORIES[1] + ",generic", "--opensearch-index-allow",
             "films*,film-events", "--opensearch-index-deny", SECRET)

    def test_is_reached_and_nothing_else(self):
        names = [row["index"] for row in self.data("list_indices", limit=1000)["indices"]]
        self.assertIn("films", names)
        self.assertTrue(all(name == "films" or name.startswith(".ds-film-events") for name in names), names)
        self.assertEqual(self.data("count", index="movies"), {"count": FILMS_COUNT})
        self.assertEqual(self.data("count", index="film-events"), {"count": 500})
        self.why_not("count", index="film-logs-2026.03.12")
        self.why_not("search_index", index="film-logs-*", query_dsl={})
        for way in WAYS:
            self.assert_reveals_nothing("search_index", _with("search_index", way))

    def test_skills_work_where_they_may(self):
        found: Any = self.data("data_distribution", index="films", timeField="released",
                               selectionTimeRangeStart="2010-01-01T00:00:00Z",
                               selectionTimeRangeEnd="2012-01-01T00:00:00Z")
        self.assertGreater(found["selection_documents"], 0)
        self.why_not("data_distribution", index="film-logs-*", timeField="@timestamp",
                     selectionTimeRangeStart="2026-03-12T14:00:00Z", selectionTimeRangeEnd="2026-03-12T15:00:00Z")


if __name__ == "__main__":
    unittest.main()
