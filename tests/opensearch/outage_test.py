"""OpenSearch goes away and comes back, hangs, or takes too long: clear errors meanwhile, and it heals by itself."""

import re
import threading
import time
import unittest

from support import clusters
from support.cases import ServerCase
from support.clusters import eventually
from support.mcp import Bare, Exchange, Modern, Session, result_of, text_of

from films import FILMS_COUNT

# Many seconds of work for the server, in pieces short enough for it to see now and then that nobody waits any more.
SLOW = {"query": {"script": {"script": {
    "source": "double x = 0; for (int i = 0; i < params.n; ++i) { x += Math.sqrt(i); } return x > 0;",
    "params": {"n": 12000}}}}, "track_total_hits": True}
SLOW_CALL = {"index": "film-logs-*", "query_dsl": SLOW}
NOTICED_SECONDS = 5  # from a cancellation to when OpenSearch knows of it; the search alone would take far longer
GONE_SECONDS = 60  # until it has ended
QUICK_SECONDS = 1.0


def cancel_all_searches() -> None:
    clusters.plain().rest.call("POST", "/_tasks/_cancel?actions=*search*")
    eventually(lambda: not clusters.plain().searches(), "no search runs", GONE_SECONDS)


class Disturbed(ServerCase):
    """Leaves the cluster as it was."""

    flags: tuple[str, ...] = ("--opensearch-watch-interval", "1s", "--opensearch-timeout", "60s")

    def until_searching(self) -> None:
        eventually(clusters.plain().searches, "the search runs", 20)


class Leaving(Disturbed):
    def tearDown(self) -> None:
        cancel_all_searches()

    def assert_vanishes(self) -> None:
        def cancelled() -> bool:
            return all(task.get("cancelled") for task in clusters.plain().searches())

        eventually(cancelled, "the search is cancelled", NOTICED_SECONDS)
        eventually(lambda: not clusters.plain().searches(), "the search is gone", GONE_SECONDS)

    def leave(self, client: Bare, tool: str = "search_index", arguments: dict | None = None) -> None:
        _, exchange = client.start_call(tool, **(arguments or SLOW_CALL))
        self.until_searching()
        exchange.cut()
        self.assert_vanishes()


class Cancellation(Leaving):
    def test_a_session_cancels_by_a_notification(self):
        client = Session(self.server)
        number, exchange = client.start_call("search_index", **SLOW_CALL)
        self.until_searching()
        client.notify("notifications/cancelled", {"requestId": number, "reason": "changed my mind"})
        self.assert_vanishes()
        exchange.cut()

    def test_a_client_of_2026_07_28_cancels_by_leaving(self):
        self.leave(Modern(self.server))

    def test_msearch_and_count_are_cancelled_too(self):
        for tool, arguments in (("msearch", {"body": [{"index": "film-logs-*"}, SLOW]}),
                                ("count", {"index": "film-logs-*", "body": {"query": SLOW["query"]}})):
            with self.subTest(tool):
                self.leave(Modern(self.server), tool, arguments)

    def test_progress_is_told_meanwhile(self):
        for client in (Modern(self.server), Session(self.server)):
            _, exchange = client.start_call("search_index", **SLOW_CALL)
            told = []
            for message in exchange.messages():
                if message.get("method") == "notifications/progress":
                    self.assertEqual(message["params"]["progressToken"], "progress")
                    told.append(message["params"]["progress"])
                if len(told) == 2:
                    break
            exchange.cut()
            self.assertEqual(told, sorted(set(told)))
            self.assertEqual(len(told), 2)
            cancel_all_searches()


class StatelessCancellation(Leaving):
    environment = {"MCP_STATELESS": "true"}

    def test_every_client_cancels_by_leaving(self):
        for client in (Bare(self.server), Modern(self.server)):
            with self.subTest(type(client).__name__):
                self.leave(client)


class SlowSearch(ServerCase):
    flags = ("--opensearch-timeout", "1s")

    def test_times_out_with_an_error_and_is_withdrawn(self):
        since = time.monotonic()
        said = self.why_not("search_index", **SLOW_CALL)
        self.assertLess(time.monotonic() - since, 3)
        self.assert_says(said, "1 s", "later|less")
        eventually(lambda: not clusters.plain().searches(), "the search is gone", GONE_SECONDS)

    def test_does_not_count_as_an_outage(self):
        for _ in range(5):
            self.why_not("search_index", **SLOW_CALL)
        cancel_all_searches()
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})


class Hanging(ServerCase):
    """It keeps its connections and answers nothing."""

    flags = ("--opensearch-timeout", "2s", "--opensearch-watch-interval", "1s")

    @classmethod
    def tearDownClass(cls) -> None:
        clusters.plain().disturb("resume")
        super().tearDownClass()

    def test_ends_calls_in_time_and_is_seen_and_heals(self):
        self.server.until_connected()
        self.data("count", index="films")
        clusters.plain().disturb("pause")
        since = time.monotonic()
        self.assert_says(self.why_not("count", index="films"), "did not answer within 2 s")
        self.assertLess(time.monotonic() - since, 4)
        eventually(lambda: self.server.health()["opensearch"]["status"] == "disconnected", "health says so", 15)
        self.assertEqual(self.server.health()["status"], "degraded")
        clusters.plain().disturb("resume")
        eventually(lambda: self.server.health()["opensearch"]["status"] == "connected", "health says so", 15)
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})


class Outage(Disturbed):
    """Killed while calls run, then started again."""

    flags = (*Disturbed.flags, "--opensearch-readiness", "with-cluster")

    @classmethod
    def tearDownClass(cls) -> None:
        if clusters.plain().rest is not None:
            try:
                clusters.plain().heal()
            except OSError:
                clusters.plain().disturb("restart")
                clusters.plain().heal()
        super().tearDownClass()

    def in_the_middle(self) -> tuple[Exchange, list[tuple[float, dict]], threading.Thread]:
        """A slow call, and one after the other of quick ones by a thread that ends at the first failure."""
        # One shard of work: other searches still find a thread.
        _, slow = Modern(self.server).start_call("search_index", index="film-logs-2026.03.12", query_dsl=SLOW)
        self.until_searching()
        seen: list[tuple[float, dict]] = []

        def ask() -> None:
            client = Modern(self.server)
            while not seen or not seen[-1][1].get("isError"):
                since = time.monotonic()
                result = client.call("count", index="films")
                seen.append((time.monotonic() - since, result))

        asking = threading.Thread(target=ask)
        asking.start()
        eventually(lambda: seen, "a first answer", 20)
        return slow, seen, asking

    def test_clear_errors_meanwhile_and_heals_by_itself(self):
        self.server.until_connected()
        eventually(lambda: self.server.get("/ready")[0] == 200, "ready")
        slow, seen, asking = self.in_the_middle()
        clusters.plain().disturb("kill")

        killed = time.monotonic()
        died = result_of(slow.response())
        slow.close()
        self.assertTrue(died["isError"])
        self.assert_says(text_of(died), "cluster default")
        self.assertLess(time.monotonic() - killed, 5)
        asking.join(20)
        self.assertTrue(seen[-1][1]["isError"])
        self.assertEqual({one[1]["structuredContent"]["count"] for one in seen[:-1]}, {FILMS_COUNT})

        self._errors_are_quick_and_clear()
        self._pages_say_so()
        self._heals()

    def _errors_are_quick_and_clear(self) -> None:
        for _ in range(6):
            self.why_not("list_indices")
        for tool, arguments in (("list_indices", {}), ("search_index", {"index": "films", "query_dsl": {}}),
                                ("cluster_health", {}), ("get_index_mapping", {"index": "films"})):
            since = time.monotonic()
            said = self.why_not(tool, **arguments)
            self.assertLess(time.monotonic() - since, QUICK_SECONDS, tool)
            self.assert_says(said, "OpenSearch cluster default", "does not answer|cannot be (reached|asked)")

    def _pages_say_so(self) -> None:
        eventually(lambda: self.server.health()["opensearch"]["status"] == "disconnected", "health says so")
        health = self.server.health()
        self.assertEqual(health["status"], "degraded")
        self.assertEqual(health["opensearch"]["cluster_name"], "hydrant-tests")
        status, ready = self.server.get("/ready")
        self.assertEqual((status, ready["ready"]), (503, False))
        self.assertRegex(ready["reason"], re.compile("opensearch", re.IGNORECASE))

    def _heals(self) -> None:
        clusters.plain().disturb("restart")
        back = time.monotonic()
        eventually(lambda: not Modern(self.server).call("count", index="film-events").get("isError"),
                   "it is used again", 30)
        took = time.monotonic() - back
        eventually(lambda: self.server.get("/ready")[0] == 200, "ready again")
        eventually(lambda: self.server.health()["status"] == "healthy", "healthy again", 30)
        print(f"used again {took:.1f} s after OpenSearch served")
        self.assertLess(took, 10)
        clusters.plain().heal()
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})


class NobodyThere(ServerCase):
    """A cluster that was never reached: the server serves nonetheless."""

    @classmethod
    def make_environment(cls):
        return {"OPENSEARCH_URL": "http://127.0.0.1:1"}

    def test_starts_and_says_so(self):
        self.assertIn("list_indices", self.client.tools())
        self.assert_says(self.why_not("list_indices"), "cluster default", "cannot be (reached|asked)|does not answer")
        eventually(lambda: self.server.health()["opensearch"]["status"] == "disconnected", "health says so")
        self.assertEqual(self.server.get("/ready")[0], 200)


if __name__ == "__main__":
    unittest.main()
