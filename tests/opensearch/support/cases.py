"""Test cases with a server of their own, and words for what tools answer."""

import re
import unittest
from typing import Any

from support import clusters
from support.clusters import Cluster
from support.hydrant import Hydrant
from support.mcp import Bare, Message, Modern, RpcError, text_of
from support.schema import problems

# Off by default, and what most tests want on.
ALL_CATEGORIES = ("--opensearch-enabled-categories", "core_tools,skills,cluster_tools,observability")


class ServerCase(unittest.TestCase):
    """One server for all tests of the class; `flags` and `environment` are its operator's."""

    flags: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    server: Hydrant
    client: Bare
    tools: dict[str, Message]
    maxDiff = 2000

    @classmethod
    def cluster(cls) -> Cluster:
        return clusters.plain()

    @classmethod
    def make_environment(cls) -> dict[str, str]:
        """For what is only known once the clusters run."""
        return cls.environment

    @classmethod
    def make_flags(cls) -> tuple[str, ...]:
        return cls.flags

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Hydrant(*cls.make_flags(), environment=cls.make_environment(), cluster=cls.cluster())
        cls.server.__enter__()
        cls.client = Modern(cls.server)

    @classmethod
    def tearDownClass(cls) -> None:
        log = cls.server.output()
        cls.server.__exit__()
        leaked = [secret[:4] + "..." for secret in clusters.plain().secrets() + cls.secrets() if secret in log]
        if leaked:
            raise AssertionError(f"the log holds secrets: {leaked}")

    @classmethod
    def secrets(cls) -> list[str]:
        return cls.cluster().secrets()

    def ok(self, tool: str, client: Bare | None = None, **arguments: Any) -> Message:
        """The result of a call that must succeed, with both forms of the answer."""
        result = (client or self.client).call(tool, **arguments)
        self.assertFalse(result.get("isError"), text_of(result))
        self.assertTrue(text_of(result).strip(), "there is no text")
        self.assertEqual(problems(result.get("structuredContent"), self.output_schema(tool)), [])
        return result

    @classmethod
    def output_schema(cls, tool: str) -> Message:
        """As the server lists it; it is asked once."""
        if "tools" not in cls.__dict__:
            cls.tools = cls.client.tools()
        return cls.tools[tool]["outputSchema"]

    def data(self, tool: str, client: Bare | None = None, **arguments: Any) -> Message:
        """Its structured content."""
        return self.ok(tool, client, **arguments)["structuredContent"]

    def why_not(self, tool: str, client: Bare | None = None, **arguments: Any) -> str:
        """The text of a call that must fail, as a result or as an error of the protocol."""
        try:
            result = (client or self.client).call(tool, **arguments)
        except RpcError as refused:
            return refused.message
        self.assertTrue(result.get("isError"), f"{tool} {arguments} did not fail: {text_of(result)[:500]}")
        self.assertTrue(text_of(result).strip())
        return text_of(result)

    def assert_says(self, text: str, *words: str) -> None:
        """Each a regular expression; case makes no difference."""
        for word in words:
            self.assertRegex(text, re.compile(word, re.IGNORECASE | re.DOTALL))
