"""Two clusters in one file: every tool asks which one, each has its own identity, and health shows both."""

import json
import pathlib
import tempfile
import unittest

from support import clusters
from support.cases import ALL_CATEGORIES, ServerCase
from support.clusters import eventually
from support.hydrant import run_to_its_end
from support.mcp import RpcError, text_of

from films import FILMS_COUNT

CHOICE = "opensearch_cluster_name"


def described() -> dict[str, dict]:
    """Both, and one that is down."""
    return {"catalogue": {"url": clusters.plain().url},
            "restricted": {"url": clusters.secure().url, "username": "reader",
                           "password": {"env": "RESTRICTED_PASSWORD"},
                           "ca_file": str(clusters.secure().ca)},
            "gone": {"url": "http://127.0.0.1:1", "timeout": "2s"}}


class Several(ServerCase):
    flags = (*ALL_CATEGORIES, "--opensearch-watch-interval", "1s")

    @classmethod
    def make_environment(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="hydrant-clusters-")
        cls.addClassCleanup(cls.folder.cleanup)
        file = pathlib.Path(cls.folder.name) / "clusters.json"
        file.write_text(json.dumps(described()))
        return {"OPENSEARCH_CLUSTERS_FILE": str(file),
                "RESTRICTED_PASSWORD": clusters.secure().secret("reader.password")}

    @classmethod
    def secrets(cls):
        return clusters.secure().secrets()

    def test_every_tool_asks_which_one(self):
        for name, tool in self.client.tools().items():
            if name == "list_clusters":
                continue
            with self.subTest(name):
                self.assertIn(CHOICE, tool["inputSchema"]["required"])
                self.assertEqual(tool["inputSchema"]["properties"][CHOICE]["enum"], list(described()))

    def test_lists_them(self):
        result = self.ok("list_clusters")
        self.assertEqual([row["name"] for row in result["structuredContent"]["clusters"]], list(described()))
        self.assert_says(text_of(result), "catalogue", "restricted", "gone")
        self.assertNotIn(clusters.secure().secret("reader.password"), json.dumps(result))

    def test_each_is_asked_as_whom_the_file_says(self):
        for name in ("catalogue", "restricted"):
            self.assertEqual(self.data("count", index="films", **{CHOICE: name}), {"count": FILMS_COUNT})
        self.assertEqual(self.data("count", index="films-secret", **{CHOICE: "catalogue"}), {"count": 5})
        self.assert_says(self.why_not("count", index="films-secret", **{CHOICE: "restricted"}), "permission")

    def test_an_unknown_name_is_an_error_that_helps(self):
        self.assert_says(self.why_not("count", index="films", **{CHOICE: "nowhere"}), CHOICE, "catalogue|one of|enum")
        self.assert_says(self.why_not("count", index="films"), CHOICE)

    def test_one_that_is_down_does_not_take_the_others_with_it(self):
        for _ in range(6):
            self.assert_says(self.why_not("list_indices", **{CHOICE: "gone"}), "cluster gone")
        self.assertEqual(self.data("count", index="films", **{CHOICE: "catalogue"}), {"count": FILMS_COUNT})

    def test_health_shows_all(self):
        def seen():
            return self.server.health()["opensearch"]["clusters"]
        eventually(lambda: {name: one["status"] for name, one in seen().items()} == {
            "catalogue": "connected", "restricted": "connected", "gone": "disconnected"}, "all were looked at")
        health = self.server.health()
        self.assertEqual(health["status"], "degraded")
        self.assertEqual(seen()["catalogue"]["version"], "2.19.4")

    def test_resources_say_which_one(self):
        mapping = self.client.request("resources/read", {"uri": "opensearch://restricted/indices/films/mapping"})
        self.assertIn("runtime_minutes", mapping["contents"][0]["text"])
        for uri in ("opensearch://restricted/indices/films-secret/mapping",
                    "opensearch://nowhere/indices/films/mapping",
                    "opensearch://gone/indices/films/mapping", "opensearch://indices/films/mapping"):
            with self.subTest(uri), self.assertRaises(RpcError):
                self.client.request("resources/read", {"uri": uri})


class One(ServerCase):
    def test_needs_no_name(self):
        for tool in self.client.tools().values():
            self.assertNotIn(CHOICE, tool["inputSchema"]["properties"])
        self.assertNotIn("list_clusters", self.client.tools())


class BadFiles(unittest.TestCase):
    def test_are_refused_by_naming_what_is_wrong(self):
        for text, word in (("{", "JSON"), ("{}", "cluster"), ('{"a": {}}', "url"),
                           ('{"a b": {"url": "http://x"}}', "name"),
                           ('{"a": {"url": "http://x", "passwrd": "hunter2"}}', "passwrd"),
                           ('{"a": {"url": "http://x", "password": {"env": "NOT_SET_ANYWHERE"}}}', "environment"),
                           ('{"a": {"url": "http://u:hunter2@x"}}', "url")):
            with self.subTest(text), tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(text)
                file.flush()
                status, said = run_to_its_end(environment={"OPENSEARCH_CLUSTERS_FILE": file.name})
                self.assertNotEqual(status, 0)
                self.assertIn(word, said)
                self.assertNotIn("hunter2", said)

    def test_one_that_is_not_there(self):
        status, said = run_to_its_end(environment={"OPENSEARCH_CLUSTERS_FILE": "/nowhere/clusters.json"})
        self.assertNotEqual(status, 0)
        self.assertIn("/nowhere/clusters.json", said)


if __name__ == "__main__":
    unittest.main()
