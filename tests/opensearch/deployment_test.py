"""The deployment that this provider is for: stateless replicas behind a balancer that routes by path, asked by curl, by
many at once, and by mcp-remote on behalf of Claude Desktop."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from support import clusters
from support.balancer import Balancer
from support.cases import ServerCase
from support.hydrant import Hydrant, run_to_its_end
from support.mcp import Bare, Session, text_of
from support.stdio import StdioClient

from films import FILMS_COUNT

PREFIX, ENDPOINT = "/ossserver-stateless", "/ossmcp"
STATELESS_FLAGS = ("--path-prefix", PREFIX, "--endpoint", ENDPOINT)
STATELESS = {"MCP_STATELESS": "true"}
LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
LIST_INDICES = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "list_indices", "arguments": {}}}
MANY = 500
SEARCHES, SEARCHES_BYTES = 200, 200 << 20  # at once; what the server may grow by, about 1 MiB for each


def stateless_server(name: str = "hydrant") -> Hydrant:
    return Hydrant(*STATELESS_FLAGS, environment=STATELESS, cluster=clusters.plain(), name=name)


def curl(*arguments: str) -> str:
    done = subprocess.run(["curl", "--silent", "--show-error", "--fail", "--max-time", "30", "--noproxy", "*",
                           *arguments],
                          check=True, capture_output=True, timeout=40)
    return done.stdout.decode()


def posted(url: str, message: dict, *headers: str) -> dict:
    """The message that curl gets, be it JSON or an event."""
    flags = [part for header in headers for part in ("-H", header)]
    text = curl("-X", "POST", url, "-H", "Content-Type: application/json", *flags, "-d", json.dumps(message))
    data = [line[5:] for line in text.splitlines() if line.startswith("data:")]
    return json.loads(data[-1] if data else text)


class AsTheUserRunsIt(ServerCase):
    flags, environment = STATELESS_FLAGS, STATELESS

    @property
    def url(self):
        return self.server.url + PREFIX + ENDPOINT

    def test_health_says_how_the_cluster_is(self):
        look = f"{self.server.url}{PREFIX}/health"
        clusters.eventually(lambda: json.loads(curl(look))["opensearch"]["status"] == "connected", "connected")
        health = json.loads(curl(look))
        self.assertEqual(health["status"], "healthy")
        self.assertEqual(health["service"], "OpenSearch MCP Server")
        self.assertEqual(health["opensearch"], {"status": "connected", "cluster_name": "hydrant-tests",
                                                "version": "2.19.4", "health": "green"})

    def test_lists_tools_by_a_bare_post(self):
        for headers in ((), ("Accept: application/json, text/event-stream",)):
            with self.subTest(headers):
                tools = posted(self.url, LIST_TOOLS, *headers)["result"]["tools"]
                self.assertIn("list_indices", [tool["name"] for tool in tools])

    def test_calls_a_tool_by_a_bare_post(self):
        result = posted(self.url, LIST_INDICES, "Accept: application/json, text/event-stream")["result"]
        self.assertIn("| films |", text_of(result))

    def test_five_of_five_at_once(self):
        commands = [subprocess.Popen(
            ["curl", "--silent", "--fail", "--max-time", "30", "--noproxy", "*", "-X", "POST", self.url, "-H",
             "Content-Type: application/json", "-H", "Accept: application/json, text/event-stream", "-d",
             json.dumps(LIST_INDICES)], stdout=subprocess.PIPE) for _ in range(5)]
        answers = [command.communicate(timeout=40)[0].decode() for command in commands]
        self.assertEqual([command.returncode for command in commands], [0] * 5)
        self.assertEqual(sum("| films |" in answer for answer in answers), 5)

    def test_five_hundred_of_five_hundred_at_once(self):
        self.assertEqual(count_answers(self.server), MANY)

    def test_two_hundred_searches_at_once_take_little_memory(self):
        dsl = {"query": {"match": {"plot": "letters"}}, "size": 100}

        def search(_: int) -> bool:
            result = Bare(self.server, PREFIX + ENDPOINT).call("search_index", index="films", query_dsl=dsl)
            return not result.get("isError")

        before = self.server.resident_bytes()
        for _ in range(2):
            with concurrent.futures.ThreadPoolExecutor(SEARCHES) as pool:
                self.assertEqual(sum(pool.map(search, range(SEARCHES))), SEARCHES)
        self.assertLess(self.server.resident_bytes() - before, SEARCHES_BYTES)

    def test_nothing_is_served_outside_of_the_prefix(self):
        for path in ("/mcp", "/ossmcp", "/health", PREFIX + "/mcp"):
            with self.subTest(path), self.assertRaises(subprocess.CalledProcessError):
                curl(self.server.url + path)


def count_answers(target: Hydrant | Balancer) -> int:
    """How many of MANY calls at once give the right answer."""
    def ask(number: int) -> bool:
        client = Bare(target, PREFIX + ENDPOINT)
        if number % 2:
            return text_of(client.call("count", index="films")) == f"{FILMS_COUNT} documents match."
        return "| films |" in text_of(client.call("list_indices"))

    with concurrent.futures.ThreadPoolExecutor(MANY) as pool:
        return sum(pool.map(ask, range(MANY)))


class Replicas(unittest.TestCase):
    def test_five_hundred_of_five_hundred_over_three_nodes(self):
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(stateless_server(f"node-{n}")) for n in range(1, 4)]
            balancer = stack.enter_context(Balancer(servers, PREFIX))
            self.assertEqual(count_answers(balancer), MANY)
            for server in servers:
                metrics = curl(f"{server.url}{PREFIX}/metrics")
                counted = sum(float(line.split()[-1]) for line in metrics.splitlines()
                              if line.startswith("hydrant_upstream") and "_count" in line)
                self.assertGreater(counted, MANY / 6, f"{server.name} has had too little to do")


class SideBySide(unittest.TestCase):
    def test_a_stateful_and_a_stateless_deployment_do_not_disturb_each_other(self):
        stateful = Hydrant("--path-prefix", "/ossserver", "--endpoint", ENDPOINT, cluster=clusters.plain())
        with stateless_server() as bare, stateful:
            session = Session(stateful, "/ossserver" + ENDPOINT)
            self.assertIn("Mcp-Session-Id", session.headers)
            none = Session(bare, PREFIX + ENDPOINT)
            self.assertNotIn("Mcp-Session-Id", none.headers)
            for client in (session, none, Bare(bare, PREFIX + ENDPOINT)):
                self.assertIn(str(FILMS_COUNT), text_of(client.call("count", index="films")))


class McpRemote(unittest.TestCase):
    """`npx mcp-remote URL --allow-http`, from packages that are locked."""

    @classmethod
    def setUpClass(cls):
        if "HYDRANT_NODE_PACKAGES" not in os.environ:
            raise unittest.SkipTest("mcp-remote is not installed; tests/opensearch/run does it where it can")

    def talk(self, url):
        script = pathlib.Path(os.environ["HYDRANT_NODE_PACKAGES"]) / "node_modules/mcp-remote/dist/proxy.js"
        with tempfile.TemporaryDirectory(prefix="hydrant-mcp-remote-") as folder:
            environment = {**os.environ, "MCP_REMOTE_CONFIG_DIR": folder, "HOME": folder, "NO_PROXY": "127.0.0.1"}
            command = [os.environ["HYDRANT_NODE"], str(script), url, "--allow-http"]
            with StdioClient(command, environment, pathlib.Path(folder) / "log") as desktop:
                greeting = desktop.initialize()
                self.assertIn("tools", greeting["capabilities"])
                tools = desktop.request("tools/list", {})["tools"]
                self.assertIn("list_indices", [tool["name"] for tool in tools])
                result = desktop.request("tools/call", {"name": "list_indices", "arguments": {}})
                self.assertIn("| films |", text_of(result))

    def test_reaches_a_stateless_server(self):
        with stateless_server() as server:
            self.talk(server.url + PREFIX + ENDPOINT)

    def test_reaches_a_stateful_server(self):
        with Hydrant(cluster=clusters.plain()) as server:
            self.talk(server.url + "/mcp")


class WrongSettings(unittest.TestCase):
    """A server that would not do what its operator thinks does not start, and says why."""

    def assert_refused(self, word, *flags, **environment):
        status, said = run_to_its_end(*flags, environment=environment)
        self.assertNotEqual(status, 0, said)
        self.assertIn(word, said)

    def test_no_cluster(self):
        self.assert_refused("OPENSEARCH_URL")

    def test_a_url_with_a_password_is_not_repeated(self):
        status, said = run_to_its_end(environment={"OPENSEARCH_URL": "http://admin:hunter2@127.0.0.1:9"})
        self.assertNotEqual(status, 0)
        self.assertNotIn("hunter2", said)

    def test_a_slip_of_the_pen_in_a_list_of_tools(self):
        self.assert_refused("list_indexes", "--opensearch-disabled-tools", "list_indexes",
                            OPENSEARCH_URL="http://localhost:9")
        self.assert_refused("core_tool", "--opensearch-disabled-categories", "core_tool",
                            OPENSEARCH_URL="http://localhost:9")
        self.assert_refused("document", "--opensearch-allow-write", "document", OPENSEARCH_URL="http://localhost:9")


class NamesOfThePythonServer(ServerCase):
    environment = {"OPENSEARCH_ENABLED_TOOLS": "CatNodesTool", "OPENSEARCH_DISABLED_TOOLS": "MsearchTool,ExplainTool",
                   "OPENSEARCH_DISABLED_CATEGORIES": "skills"}

    def test_mean_the_tools_that_do_the_same(self):
        self.assertEqual(set(self.client.tools()), {"list_indices", "get_index_mapping", "get_shards", "search_index",
                                                    "count", "cluster_health", "cat_nodes"})


if __name__ == "__main__":
    unittest.main()
