"""No tool writes unless the operator has said so: everything is tried, and afterwards the cluster is what it was."""

import concurrent.futures
import functools
import json
import unittest
from typing import Any

from support import clusters
from support.cases import ALL_CATEGORIES, ServerCase
from support.clusters import snapshot
from support.mcp import Message, Modern, RpcError, Session, text_of

INJECTED = {"title": "injected"}
PLACE = "read-only-probe"

# Names of indices that are something else on the way to a server that is careless with paths.
NAMES = (
    "films/_doc/1", "films/_doc/1?op_type=create", "films%2F_doc%2F1", "films%252F_doc%252F1", "../_cluster/settings",
    "..%2F_cluster%2Fsettings", "/_cluster/settings", "//_bulk", "films/../../_aliases", "films?refresh=true",
    "films#x",
    "films/_delete_by_query", "films/_close", "films/_forcemerge?", "films/_refresh\r\nX-Injected: 1", "films\x00",
    "films\n", "_scripts", "_scripts/probe", "_snapshot", "_template", "_index_template", "_component_template",
    "_ingest/pipeline/probe", "_cluster", "_bulk", "_reindex", "_aliases", "_all/_close", "_cache/clear", ".", "..", "",
    "films,_bulk", "<films-{now/d}>", "%3Cfilms-%7Bnow%2Fd%7D%3E", "films\\_doc", "－films", "films;_close", "*/_close")

# Bodies that would be writes elsewhere.
BODIES: tuple[Message, ...] = (
    INJECTED, {"query": {"match_all": {}}}, {"script": {"lang": "painless", "source": "1"}},
    {"type": "fs", "settings": {"location": "probe"}}, {"index_patterns": [PLACE]}, {"template": {}},
    {"persistent": {"cluster.max_shards_per_node": 77}}, {"actions": [{"add": {"index": "films", "alias": PLACE}}]})

# (method, path, parameters, body): each of them acts.
WRITES: tuple[tuple[str, str, Message, Any], ...] = (
    ("POST", "/films/_doc", {}, INJECTED), ("PUT", "/films/_doc/probe", {}, INJECTED),
    ("POST", "/films/_doc/probe", {}, INJECTED), ("PUT", "/films/_create/probe", {}, INJECTED),
    ("DELETE", "/films/_doc/film-commas", {}, None), ("POST", "/films/_update/film-commas", {}, {"doc": INJECTED}),
    ("POST", "/films/_update_by_query", {}, {"query": {"match_all": {}}}),
    ("POST", "/films/_delete_by_query", {}, {"query": {"match_all": {}}}),
    ("POST", "/_bulk", {}, [{"index": {"_index": PLACE}}, INJECTED]),
    ("PUT", "/_bulk", {}, [{"delete": {"_index": "films", "_id": "film-commas"}}]),
    ("POST", "/films/_bulk", {}, [{"index": {}}, INJECTED]),
    ("POST", "/_reindex", {}, {"source": {"index": "films"}, "dest": {"index": PLACE}}),
    ("PUT", f"/{PLACE}", {}, None), ("DELETE", "/films", {}, None), ("DELETE", "/film*", {}, None),
    ("DELETE", "/_all", {}, None), ("PUT", "/films/_mapping", {}, {"properties": {"probe": {"type": "keyword"}}}),
    ("POST", "/films/_mapping", {}, {"properties": {"probe": {"type": "keyword"}}}),
    ("PUT", "/films/_settings", {}, {"index": {"refresh_interval": "77s"}}),
    ("PUT", "/_settings", {}, {"index": {"refresh_interval": "77s"}}), ("PUT", "/_all/_settings", {}, {"index": {}}),
    ("POST", "/films/_close", {}, None), ("POST", "/films/_open", {}, None), ("PUT", "/films/_block/write", {}, None),
    ("POST", "/films/_refresh", {}, None), ("GET", "/films/_refresh", {}, None), ("GET", "/_refresh", {}, None),
    ("GET", "/_flush", {}, None), ("GET", "/films/_flush", {}, None), ("POST", "/films/_flush", {"force": True}, None),
    ("POST", "/films/_forcemerge", {}, None), ("GET", "/films/_forcemerge", {}, None),
    ("POST", "/films/_cache/clear", {}, None), ("GET", "/_cache/clear", {}, None),
    ("POST", "/films/_upgrade", {}, None),
    ("POST", f"/films/_clone/{PLACE}", {}, None), ("POST", f"/films/_split/{PLACE}", {}, None),
    ("POST", f"/films/_shrink/{PLACE}", {}, None), ("POST", "/movies/_rollover", {}, None),
    ("POST", "/film-events/_rollover", {}, None),
    ("POST", "/_aliases", {}, {"actions": [{"add": {"index": "films", "alias": PLACE}}]}),
    ("PUT", f"/films/_alias/{PLACE}", {}, None), ("DELETE", "/films/_alias/movies", {}, None),
    ("PUT", f"/_index_template/{PLACE}", {}, {"index_patterns": [PLACE]}),
    ("DELETE", "/_index_template/film-events", {}, None),
    ("PUT", f"/_template/{PLACE}", {}, {"index_patterns": [PLACE]}),
    ("PUT", f"/_component_template/{PLACE}", {}, {"template": {}}), ("PUT", f"/_data_stream/{PLACE}", {}, None),
    ("DELETE", "/_data_stream/film-events", {}, None),
    ("PUT", "/_cluster/settings", {}, {"persistent": {"cluster.max_shards_per_node": 77}}),
    ("POST", "/_cluster/reroute", {}, {"commands": []}), ("POST", "/_cluster/voting_config_exclusions", {
        "node_names": "nobody"}, None), ("DELETE", "/_cluster/voting_config_exclusions", {}, None),
    ("PUT", f"/_snapshot/{PLACE}", {}, {"type": "fs", "settings": {"location": "probe"}}),
    ("POST", f"/_snapshot/{PLACE}/_cleanup", {}, None), ("POST", f"/_snapshot/{PLACE}/one/_restore", {}, None),
    ("PUT", f"/_scripts/{PLACE}", {}, {"script": {"lang": "painless", "source": "1"}}),
    ("POST", f"/_scripts/{PLACE}/_count", {}, {"script": {"lang": "painless", "source": "1"}}),
    ("POST", "/_scripts/painless/_execute", {}, {"script": {"source": "1"}}),
    ("PUT", f"/_ingest/pipeline/{PLACE}", {}, {"processors": []}),
    ("PUT", f"/_search/pipeline/{PLACE}", {}, {"request_processors": []}),
    ("POST", "/_tasks/_cancel", {}, None), ("POST", "/_tasks/node:1/_cancel", {}, None),
    ("POST", "/_nodes/reload_secure_settings", {}, None),
    ("POST", "/_dangling/probe", {"accept_data_loss": True}, None),
    ("PUT", "/_plugins/_security/api/internalusers/probe", {}, {"password": "x"}),
    ("PATCH", "/_plugins/_security/api/roles", {}, [{"op": "remove", "path": "/all_access"}]),
    ("DELETE", "/_plugins/_security/api/cache", {}, None), ("DELETE", "/_plugins/_security/cache", {}, None),
    ("PUT", "/_plugins/_ism/policies/probe", {}, {"policy": {}}), ("POST", "/_plugins/_ml/models/_register", {}, {}),
    ("POST", "/_plugins/_sql", {}, {"query": "DELETE FROM films"}),
    ("GET", "/films/_search", {"scroll": "1m"}, None), ("POST", "/films/_search", {"scroll": "1m"}, {"size": 1}),
    ("POST", "/_search/scroll", {}, {"scroll_id": "x", "scroll": "1m"}), ("GET", "/_search/scroll/x", {}, None),
    ("POST", "/films/_search/point_in_time", {"keep_alive": "1m"}, None),
    ("DELETE", "/_search/point_in_time/_all", {}, None), ("DELETE", "/_search/scroll/_all", {}, None),
    # Paths that are read in two ways.
    ("GET", "/films/%5Frefresh", {}, None), ("POST", "/films/_search/../_delete_by_query", {}, {"query": {}}),
    ("POST", "/films/_search/%2e%2e/_close", {}, None), ("POST", "//films/_close", {}, None),
    ("POST", "/films/_close?x=/_search", {}, None), ("POST", "/films/_doc/_search", {}, INJECTED),
    ("POST", "/_search/_doc", {}, INJECTED), ("POST", "/films/_close#/_search", {}, None),
    ("POST", "/films/_update/_search", {}, {"doc": INJECTED}), ("PUT", "/films/_doc/_count", {}, INJECTED),
    ("POST", "films/_close", {}, None), ("POST", "/films/_search\r\nX: y", {}, None),
    ("POST", "/films\\_close", {}, None),
    ("post", "/films/_close", {}, None), ("GET", "/films/_doc/1 HTTP/1.1", {}, None), ("TRACE", "/films", {}, None))


class Harmless(ServerCase):
    """What was tried has changed nothing, or the class fails as a whole."""

    before: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.before = snapshot(cls.cluster())

    def tearDown(self) -> None:
        self.assertEqual(json.loads(self.before), json.loads(snapshot(self.cluster())))

    def call_whatever_comes(self, tool: str, arguments: Message) -> Message | None:
        """None: it was refused by the protocol."""
        try:
            return self.client.call(tool, **arguments)
        except RpcError as refused:
            self.assertIn(refused.code, (-32602, -32603, -32600, -32002), refused.message)
            return None


class ByDefault(Harmless):
    def test_there_is_no_generic_tool(self):
        self.assertNotIn("opensearch_api", self.client.tools())
        with self.assertRaises(RpcError):
            self.client.call("opensearch_api", path="/films", method="DELETE")


class EveryTool(Harmless):
    flags = ALL_CATEGORIES

    def test_writes_nothing_by_names_of_indices(self):
        for tool, schema in self.client.tools().items():
            required = schema["inputSchema"].get("required", [])
            if "index" not in schema["inputSchema"]["properties"]:
                continue
            bodies = BODIES if "body" in required or "query_dsl" in required else BODIES[:1]
            with self.subTest(tool), concurrent.futures.ThreadPoolExecutor(16) as pool:
                tried = [_filled(tool, name, body) for name in NAMES for body in bodies]
                list(pool.map(functools.partial(self.call_whatever_comes, tool), tried))

    def test_writes_nothing_by_other_arguments(self):
        tricks = ("_doc/1", "../../_cluster/settings", "x/_close", "_all/_close", "%2e%2e/_close", "x?a=b", "x\r\nX: y")
        for tool, argument, fixed in (("explain", "id", {"index": "films", "body": {}}),
                                      ("explain", "id", {"index": "_scripts", "body": BODIES[2]}),
                                      ("cluster_state", "metric", {}),
                                      ("get_index_stats", "metric", {"index": "films"}),
                                      ("get_nodes", "node_id", {}), ("get_nodes", "metric", {}),
                                      ("cat_nodes", "metrics", {}), ("long_running_tasks", "actions", {}),
                                      ("get_index_mapping", "field", {"index": "films"}), ("ppl_query", "query", {})):
            for trick in (*tricks, "_cancel", "reload_secure_settings", "_all"):
                with self.subTest(tool=tool, **{argument: trick}):
                    self.call_whatever_comes(tool, {**fixed, argument: trick})

    def test_searches_write_nothing_by_what_they_hold(self):
        for dsl in ({"query": {"script": {"script": "ctx._source.title = 'x'; return true"}}},
                    {"pit": {"id": "x", "keep_alive": "1m"}}, {"scroll": "1m"}, {"query": {}, "script": BODIES[2]},
                    {"query": {"match_all": {}}, "conflicts": "proceed", "max_docs": 1}):
            self.call_whatever_comes("search_index", {"index": "films", "query_dsl": dsl})
        for lines in ([{"delete": {"_index": "films", "_id": "film-commas"}}, {}],
                      [{"index": {"_index": "films"}}, INJECTED],
                      [{"index": "films", "scroll": "1m"}, {}], [{"index": "films", "search_type": "scan"}, {}]):
            self.call_whatever_comes("msearch", {"body": lines})


def _filled(tool: str, index: str, body: Message) -> Message:
    window = {"selectionTimeRangeStart": "2026-03-12T14:00:00Z", "selectionTimeRangeEnd": "2026-03-12T14:01:00Z",
              "timeField": "@timestamp"}
    before = {"baselineTimeRangeStart": "2026-03-12T12:00:00Z", "baselineTimeRangeEnd": "2026-03-12T12:01:00Z"}
    extra = {"search_index": {"query_dsl": body}, "count": {"body": body}, "explain": {"id": "score", "body": body},
             "msearch": {"body": [{}, body]}, "data_distribution": window, "metric_change": {**window, **before},
             "log_patterns": {**window, "logFieldName": "message"}}
    return {"index": index, **extra.get(tool, {})}


class GenericWithoutPermission(Harmless):
    flags = ("--opensearch-enabled-categories", "generic")

    def test_refuses_every_write(self):
        for method, path, parameters, body in WRITES:
            with self.subTest(f"{method} {path!r}"):
                self.why_not("opensearch_api", method=method, path=path, query_params=parameters, body=body)

    def test_says_which_setting_would_permit_it(self):
        self.assert_says(self.why_not("opensearch_api", method="PUT", path="/films/_doc/1", body=INJECTED),
                         "documents", "opensearch.allow-write")
        self.assert_says(self.why_not("opensearch_api", method="DELETE", path="/films"), "indices")
        self.assert_says(self.why_not("opensearch_api", method="PUT", path="/_cluster/settings", body={}), "cluster")


DOCUMENT = ("PUT", f"/{PLACE}/_doc/1", INJECTED)
INDEX = ("PUT", f"/{PLACE}", {"settings": {"number_of_replicas": 0}})
CLUSTER = ("PUT", "/_cluster/settings", {"transient": {"cluster.max_shards_per_node": 999}})


def permitting(what: str) -> tuple[str, ...]:
    return ("--opensearch-enabled-tools", "opensearch_api", "--opensearch-allow-write", what)


class Permitted(ServerCase):
    """What one permission permits; everything it does is undone."""

    def setUp(self) -> None:
        self.undo()
        self.addCleanup(self.undo)

    def undo(self) -> None:
        rest = clusters.plain().rest
        rest.delete(f"/{PLACE}")
        rest.call("PUT", "/_cluster/settings", {"transient": {"cluster.max_shards_per_node": None}})

    def send(self, what: tuple[str, str, Message]) -> Message:
        method, path, body = what
        return self.client.call("opensearch_api", method=method, path=path, body=body)

    def assert_permits(self, *permitted: tuple[str, str, Message]) -> None:
        for what in (INDEX, DOCUMENT, CLUSTER):
            with self.subTest(what[1]):
                result = self.send(what)
                if what in permitted:
                    self.assertFalse(result.get("isError"), text_of(result))
                else:
                    self.assertTrue(result.get("isError"), text_of(result))
                    self.assertIn("opensearch.allow-write", text_of(result))


class Documents(Permitted):
    flags = permitting("documents")

    def test_permits_its_own_and_nothing_else(self):
        self.assert_permits(DOCUMENT)

    def test_the_tool_says_what_it_is_now(self):
        annotations = self.client.tools()["opensearch_api"]["annotations"]
        self.assertIs(annotations.get("destructiveHint"), True)
        self.assertIsNot(annotations.get("readOnlyHint"), True)

    def test_lines_of_a_bulk_request(self):
        body = [{"index": {"_index": PLACE, "_id": n}} if n % 2 else {"n": n} for n in range(1, 7)]
        result = self.client.call("opensearch_api", method="POST", path="/_bulk", query_params={"refresh": True},
                                  body=body)
        self.assertFalse(result.get("isError"), text_of(result))
        self.assertEqual(clusters.plain().get(f"/{PLACE}/_count")["count"], 3)


class Indices(Permitted):
    flags = permitting("indices")

    def test_permits_its_own_and_nothing_else(self):
        self.assert_permits(INDEX)


class Cluster(Permitted):
    flags = permitting("cluster")

    def test_permits_its_own_and_nothing_else(self):
        self.assert_permits(CLUSTER)


class Everything(Permitted):
    environment = {"OPENSEARCH_SETTINGS_ALLOW_WRITE": "true", "OPENSEARCH_ENABLED_TOOLS": "GenericOpenSearchApiTool"}

    def test_permits_its_own_and_nothing_else(self):
        self.assert_permits(INDEX, DOCUMENT, CLUSTER)

    def exists(self) -> bool:
        return PLACE in clusters.plain().get("/_alias")

    def test_asks_a_client_of_2026_07_28_that_can_be_asked(self):
        client = Modern(self.server, capabilities={"elicitation": {"form": {}}})
        arguments = {"method": INDEX[0], "path": INDEX[1], "body": INDEX[2]}
        for answer in ({"action": "decline"}, {"action": "cancel"},
                       {"action": "accept", "content": {"confirmed": False}}):
            questions, result = client.call_asked("opensearch_api", answer, **arguments)
            self.assertEqual(len(questions), 1)
            self.assert_says(questions[0], "PUT", PLACE)
            self.assertTrue(result.get("isError"))
            self.assert_says(text_of(result), "did not confirm")
            self.assertFalse(self.exists())
        _, result = client.call_asked("opensearch_api", {"action": "accept", "content": {"confirmed": True}},
                                      **arguments)
        self.assertFalse(result.get("isError"), text_of(result))
        self.assertTrue(self.exists())

    def test_a_confirmation_holds_for_what_was_asked_alone(self):
        client = Modern(self.server, capabilities={"elicitation": {"form": {}}})
        params = {"name": "opensearch_api", "arguments": {"method": "PUT", "path": "/read-only-other"}}
        asked = client.request("tools/call", params)
        yes = {"action": "accept", "content": {"confirmed": True}}
        params["inputResponses"] = {key: yes for key in asked["inputRequests"]}
        params["requestState"] = asked["requestState"]
        params["arguments"] = {"method": INDEX[0], "path": INDEX[1]}
        try:
            client.request("tools/call", params)
        except RpcError:
            pass
        self.assertFalse(self.exists())

    def test_asks_a_session_that_can_be_asked(self):
        for answer, is_there in (({"action": "decline"}, False),
                                 ({"action": "accept", "content": {"confirmed": True}}, True)):
            client = Session(self.server, answer=lambda _: answer)  # noqa: B023: used within this round
            result = client.call("opensearch_api", method=INDEX[0], path=INDEX[1], body=INDEX[2])
            self.assertEqual(len(client.questions), 1)
            self.assertEqual(bool(result.get("isError")), not is_there, text_of(result))
            self.assertEqual(self.exists(), is_there)

    def test_asks_nobody_before_it_reads(self):
        client = Modern(self.server, capabilities={"elicitation": {"form": {}}})
        questions, result = client.call_asked("opensearch_api", {"action": "decline"}, path="/films/_count")
        self.assertEqual(questions, [])
        self.assertFalse(result.get("isError"))


if __name__ == "__main__":
    unittest.main()
