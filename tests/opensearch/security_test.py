"""A cluster with TLS and users: every way to say who we are, what is refused, and that no secret leaves the process."""

import base64
import json
import pathlib
import unittest

from support import clusters
from support.cases import ALL_CATEGORIES, ServerCase
from support.clusters import eventually
from support.hydrant import Hydrant
from support.mcp import Bare, Modern, RpcError, Session, text_of
from support.pipe import Pipe

from films import FILMS_COUNT

CORE = (("list_indices", {}), ("search_index", {"index": "films", "query_dsl": {}}), ("count", {"index": "films"}),
        ("cluster_health", {}), ("get_index_mapping", {"index": "films"}), ("get_shards", {"index": "films"}),
        ("explain", {"index": "films", "id": "film-commas", "body": {}}),
        ("msearch", {"body": [{"index": "films"}, {}]}))


def user(name: str) -> dict[str, str]:
    return {"OPENSEARCH_USERNAME": name, "OPENSEARCH_PASSWORD": clusters.secure().secret(f"{name}.password")}


def basic(name: str, password: str = "") -> str:
    pair = f"{name}:{password or clusters.secure().secret(f'{name}.password')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


class SecureCase(ServerCase):
    flags: tuple[str, ...] = ("--log-level", "debug", "--opensearch-watch-interval", "1s")

    @classmethod
    def cluster(cls):
        return clusters.secure()

    @classmethod
    def identity(cls) -> dict[str, str]:
        return {}

    @classmethod
    def make_environment(cls):
        return {"OPENSEARCH_CA_CERT_PATH": str(clusters.secure().ca), **cls.identity()}

    @classmethod
    def secrets(cls):
        plain = clusters.secure().secrets()
        encoded = [basic(name).split()[1] for name in ("admin", "reader", "writer")]
        return plain + encoded

    def assert_holds_no_secret(self, text: str) -> None:
        for secret in self.secrets():
            self.assertNotIn(secret, text)

    def status(self) -> str:
        return self.server.health()["opensearch"]["status"]


class BasicAuth(SecureCase):
    @classmethod
    def identity(cls):
        return user("admin")

    def test_reaches_everything(self):
        self.server.until_connected()
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})
        self.assertIn("films-secret", [row["index"] for row in self.data("list_indices")["indices"]])


class WrongPassword(SecureCase):
    @classmethod
    def identity(cls):
        return {"OPENSEARCH_USERNAME": "admin", "OPENSEARCH_PASSWORD": "not-the-password-at-all"}

    @classmethod
    def secrets(cls):
        return [*super().secrets(), "not-the-password-at-all", basic("admin", "not-the-password-at-all").split()[1]]

    def test_is_told_clearly_and_without_the_password(self):
        for tool, arguments in CORE:
            with self.subTest(tool):
                said = self.why_not(tool, **arguments)
                self.assert_says(said, "credentials", "401")
                self.assert_holds_no_secret(said)

    def test_health_tells_it_from_an_outage(self):
        eventually(lambda: self.status() == "unauthorized", "health says so")
        health = self.server.health()
        self.assert_holds_no_secret(json.dumps(health))


class Bearer(SecureCase):
    @classmethod
    def identity(cls):
        return {"OPENSEARCH_BEARER_TOKEN": clusters.secure().secret("bearer.token")}

    def test_is_the_user_of_the_token(self):
        self.server.until_connected()
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})
        self.assert_says(self.why_not("search_index", index="films-secret", query_dsl={}), "permission",
                         "indices:data/read")


class ClientCertificate(SecureCase):
    @classmethod
    def identity(cls):
        return {"OPENSEARCH_CLIENT_CERT_PATH": str(clusters.secure().secret_file("client.pem")),
                "OPENSEARCH_CLIENT_KEY_PATH": str(clusters.secure().secret_file("client.key"))}

    def test_is_the_user_of_the_certificate(self):
        self.server.until_connected()
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})
        self.assert_says(self.why_not("count", index="films-secret"), "permission")


class Reader(SecureCase):
    flags = (*SecureCase.flags, *ALL_CATEGORIES)

    @classmethod
    def identity(cls):
        return user("reader")

    def test_reads_what_it_may(self):
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})
        self.assertEqual(len(self.data("search_index", index="films", query_dsl={})["hits"]), 10)
        self.assertEqual(self.data("cluster_health")["cluster_name"], "hydrant-tests")

    def test_lists_indices_without_the_right_to_their_figures(self):
        names = [row["index"] for row in self.data("list_indices")["indices"]]
        self.assertIn("films", names)
        self.assertIn("film-logs-2026.03.12", names)

    def test_learns_which_permission_is_missing(self):
        for tool, arguments, permission in (
                ("search_index", {"index": "films-secret", "query_dsl": {}}, "indices:data/read/search"),
                ("count", {"index": "films-secret"}, "indices:data/read/search"),
                ("explain", {"index": "films-secret", "id": "secret-1", "body": {"query": {"match_all": {}}}},
                 "indices:data/read/explain"),
                ("get_index_mapping", {"index": "films-secret"}, "indices:admin/mappings/get"),
                ("cluster_state", {}, "cluster:monitor/state"), ("get_nodes", {}, "cluster:monitor/nodes/info"),
                ("nodes_hot_threads", {}, "cluster:monitor/nodes/hot_?threads"),
                ("long_running_tasks", {}, "cluster:monitor/tasks?/lists?")):
            with self.subTest(tool):
                self.assert_says(self.why_not(tool, **arguments), "permission", permission, "403")

    def test_one_search_of_several_may_be_refused(self):
        found = self.data("msearch", body=[{"index": "films"}, {"size": 1}, {"index": "films-secret"}, {}])["responses"]
        self.assertEqual(len(found[0]["hits"]), 1)
        self.assert_says(found[1]["error"], "permission")


class Caller(SecureCase):
    """Who calls is who is asked for; the server has rights of its own, which nobody gets."""

    flags = (*SecureCase.flags, "--opensearch-auth", "caller", "--opensearch-enabled-categories", "generic")

    @classmethod
    def identity(cls):
        return user("admin")

    def clients(self, authorization: str) -> list[Bare]:
        return [kind(self.server, authorization=authorization) for kind in (Modern, Session)]

    def test_is_who_the_cluster_sees(self):
        for client in self.clients(basic("admin")):
            self.assertEqual(self.data("count", client, index="films-secret"), {"count": 5})
        for client in (*self.clients(basic("reader")),
                       *self.clients("Bearer " + clusters.secure().secret("bearer.token"))):
            self.assertEqual(self.data("count", client, index="films"), {"count": FILMS_COUNT})
            self.assert_says(self.why_not("count", client, index="films-secret"), "permission")

    def test_without_the_header_nothing_is_asked(self):
        for client in self.clients(""):
            for tool, arguments in (*CORE, ("opensearch_api", {"path": "/"})):
                with self.subTest(tool):
                    self.assert_says(self.why_not(tool, client, **arguments), "Authorization")

    def test_a_wrong_password_is_refused_by_the_cluster(self):
        wrong = basic("admin", "wrong-password-of-a-caller")
        for client in self.clients(wrong):
            said = self.why_not("count", client, index="films")
            self.assert_says(said, "401")
            self.assertNotIn("wrong-password-of-a-caller", said + self.server.output())
            self.assertNotIn(wrong.split()[1], said + self.server.output())

    def test_each_call_of_a_session_counts_by_itself(self):
        client = Session(self.server, authorization=basic("admin"))
        self.assertEqual(self.data("count", client, index="films-secret"), {"count": 5})
        client.headers = {**client.headers, "Authorization": basic("reader")}
        self.assert_says(self.why_not("count", client, index="films-secret"), "permission")
        del client.headers["Authorization"]
        self.assert_says(self.why_not("count", client, index="films-secret"), "Authorization")

    def test_health_does_not_tell_of_an_outage(self):
        clusters.eventually(lambda: self.status() != "unknown", "a first look")
        self.assertNotEqual(self.status(), "disconnected")

    def test_resources_need_the_header_too(self):
        for client in self.clients(""):
            with self.assertRaises(RpcError) as refused:
                client.request("resources/read", {"uri": "opensearch://indices"})
            self.assert_says(refused.exception.message, "Authorization")
        for client in self.clients(basic("reader")):
            with self.assertRaises(RpcError):
                client.request("resources/read", {"uri": "opensearch://indices/films-secret/sample"})


class UnknownAuthority(SecureCase):
    @classmethod
    def make_environment(cls):
        return user("admin")

    def test_is_refused(self):
        said = self.why_not("list_indices")
        self.assert_says(said, "certificate|TLS|SSL")
        self.assert_holds_no_secret(said)
        self.assertNotEqual(self.status(), "connected")


class NoVerification(SecureCase):
    @classmethod
    def make_environment(cls):
        return {**user("admin"), "OPENSEARCH_SSL_VERIFY": "false"}

    def test_is_possible(self):
        self.assertEqual(self.data("count", index="films"), {"count": FILMS_COUNT})


class WrongName(unittest.TestCase):
    def test_a_certificate_for_another_name_is_refused(self):
        # The certificate is for 127.0.0.1.
        with Pipe("127.0.0.2", clusters.secure().port) as pipe:
            environment = {**user("admin"), "OPENSEARCH_CA_CERT_PATH": str(clusters.secure().ca),
                           "OPENSEARCH_URL": f"https://127.0.0.2:{pipe.port}"}
            with Hydrant(environment=environment) as server:
                result = Modern(server).call("list_indices")
                self.assertTrue(result.get("isError"), text_of(result))
                self.assertRegex(text_of(result), "(?i)certificate|TLS|SSL")
            with Hydrant(environment={**environment, "OPENSEARCH_SSL_VERIFY": "false"}) as server:
                self.assertFalse(Modern(server).call("list_indices").get("isError"))


class PlainHttp(unittest.TestCase):
    def test_to_a_server_with_tls_is_an_error_and_no_secret_is_told(self):
        url = clusters.secure().url.replace("https", "http")
        with Hydrant(environment={**user("admin"), "OPENSEARCH_URL": url}) as server:
            result = Modern(server).call("list_indices")
            self.assertTrue(result.get("isError"))
            self.assertNotIn(clusters.secure().secret("admin.password"), text_of(result) + server.output())


class SecretsInConfiguration(unittest.TestCase):
    """What a server says about its settings, and what others see of it."""

    def test_are_neither_printed_nor_on_the_command_line(self):
        environment = {**user("admin"), "OPENSEARCH_CA_CERT_PATH": str(clusters.secure().ca),
                       "OPENSEARCH_URL": clusters.secure().url}
        with Hydrant("--log-level", "debug", environment=environment) as server:
            server.until_connected()
            assert server.child
            command_line = pathlib.Path(f"/proc/{server.child.pid}/cmdline").read_text()
            for secret in (clusters.secure().secret("admin.password"), basic("admin").split()[1]):
                self.assertNotIn(secret, server.output() + command_line + json.dumps(server.health()))


if __name__ == "__main__":
    unittest.main()
