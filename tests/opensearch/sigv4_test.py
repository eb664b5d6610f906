"""Requests signed for AWS, as a verifier of its own sees them."""

import email.message
import json
import pathlib
import tempfile
import unittest

from support import ROOT, clusters
from support.cases import ServerCase
from support.mcp import text_of
from support.signed import SigningProxy, Verifier, Wrong

from films import FILMS_COUNT

# Made up.
KEY_ID, SECRET, TOKEN = "KEYOFHYDRANTSTESTS", "not/a+real=secret+of/these+tests", "session/token+with=signs=="
REGION = "eu-central-1"
ENABLED = ("--opensearch-enabled-categories", "cluster_tools,generic")


class TheVerifier(unittest.TestCase):
    """Against requests that AWS' own signer has signed."""

    def check(self, case, body):
        verifier = Verifier(case["access_key_id"], case["secret_access_key"], case["region"], case["service"],
                            case["token"])
        headers = email.message.Message()
        headers["Host"] = case["host"]
        headers["Authorization"] = case["authorization"]
        for name, value in case["headers"]:
            headers[name] = value
        verifier.check(case["method"], case["path"] + ("?" + case["query"] if case["query"] else ""), headers, body)

    def test_accepts_these_and_no_others(self):
        for case in json.loads((ROOT / "tests/data/sigv4/cases.json").read_text()):
            if "?" in case["path"]:
                continue  # on the wire that begins the query
            with self.subTest(case["name"]):
                self.check(case, case["body"].encode())
                with self.assertRaises(Wrong):
                    self.check(case, case["body"].encode() + b"x")
                with self.assertRaises(Wrong):
                    self.check({**case, "path": case["path"] + "x"}, case["body"].encode())


class Signed(ServerCase):
    flags = (*ENABLED, "--opensearch-aws-region", REGION)
    service, token = "es", ""
    keys = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}

    @classmethod
    def setUpClass(cls):
        verifier = Verifier(KEY_ID, SECRET, REGION, cls.service, cls.token)
        cls.proxy = SigningProxy(verifier, clusters.plain().port)
        cls.proxy.__enter__()
        cls.addClassCleanup(cls.proxy.__exit__)
        super().setUpClass()

    @classmethod
    def make_environment(cls):
        # No instance of AWS' is looked for, and no file of somebody who runs the tests.
        return {"OPENSEARCH_URL": cls.proxy.url, "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent",
                **cls.keys}

    @classmethod
    def secrets(cls):
        return [SECRET, TOKEN]


class StaticKeys(Signed):
    def test_every_tool_is_let_through(self):
        for tool, arguments in (
                ("list_indices", {}), ("list_indices", {"index": "film-*,films,-nothing"}),
                ("count", {"index": "films"}),
                ("search_index", {"index": "film-logs-*",
                                  "query_dsl": {"query": {"match": {"message": "müde 映画 🎬 +&=%"}}}}),
                ("get_index_mapping", {"index": "films", "field": "title.*"}),
                ("explain", {"index": "films", "id": "film-lighthouse", "body": {"query": {"match_all": {}}}}),
                ("msearch", {"body": [{"index": "films"}, {"size": 1}]}),
                ("cluster_state", {"metric": "nodes,version"}),
                ("get_nodes", {"metric": "os,jvm"}), ("cat_nodes", {"metrics": "name,heap.max"}),
                ("long_running_tasks", {"actions": "*search*,indices:data/write/*"}),
                ("cluster_health", {"index": "film*"}),
                ("opensearch_api", {"path": "/film*,movies/_search", "query_params": {
                    "q": "title:\"harbour of\" AND year:[1990 TO 2000] OR müde~1 + a/b", "size": "1", "pretty": "",
                    "filter_path": "hits.hits._id,-took", "a b": "c&d=e;f"}})):
            with self.subTest(tool=tool, **arguments):
                result = self.client.call(tool, **arguments)
                self.assertNotIn("403", text_of(result)[:200])
        self.assertEqual(self.proxy.refused, [])
        self.assertGreater(len(self.proxy.passed), 10)
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})

    def test_ids_and_names_with_other_characters(self):
        for identity in ("a b", "a/b", "ä ö", "100%", "a+b", "a?b#c", "映画", "~-_.", "(x)'!*", "a%2Fb"):
            with self.subTest(identity):
                self.assert_says(self.why_not("explain", index="films", id=identity, body={"query": {"match_all": {}}}),
                                 "no document")
        self.why_not("count", index="nothing like this, or that")
        self.why_not("search_index", index="über-filme", query_dsl={})
        self.assertEqual(self.proxy.refused, [])


class SessionToken(Signed):
    token = TOKEN
    keys = {**Signed.keys, "AWS_SESSION_TOKEN": TOKEN}

    def test_is_sent_and_signed(self):
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})
        self.assertEqual(self.proxy.refused, [])


class Serverless(Signed):
    service = "aoss"

    @classmethod
    def make_environment(cls):
        return {**super().make_environment(), "AWS_OPENSEARCH_SERVERLESS": "true"}

    def test_signs_for_it(self):
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})
        self.assertEqual(self.proxy.refused, [])


class WrongKey(Signed):
    keys = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": "another-secret-of-this-test"}

    @classmethod
    def secrets(cls):
        return ["another-secret-of-this-test"]

    def test_is_refused_and_told(self):
        said = self.why_not("count", index="films")
        self.assert_says(said, "403")
        self.assertNotIn("another-secret", said)
        self.assertEqual(self.proxy.passed, [])


class Profile(Signed):
    """Keys of a file."""

    keys: dict[str, str] = {}
    flags = (*Signed.flags, "--opensearch-aws-profile", "films")

    @classmethod
    def make_environment(cls):
        folder = tempfile.TemporaryDirectory(prefix="hydrant-aws-")
        cls.addClassCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "credentials"
        file.write_text("[default]\naws_access_key_id = X\naws_secret_access_key = Y\n"
                        f"[films]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n")
        return {**super().make_environment(), "AWS_SHARED_CREDENTIALS_FILE": str(file)}

    def test_is_read(self):
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})


class NoKeys(Signed):
    keys: dict[str, str] = {}

    def test_is_told_and_nothing_is_sent_unsigned(self):
        self.assert_says(self.why_not("count", index="films"), "AWS|credential")
        self.assertEqual((self.proxy.passed, self.proxy.refused), ([], []))


if __name__ == "__main__":
    unittest.main()
