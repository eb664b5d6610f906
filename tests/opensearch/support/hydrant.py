"""Hydrant as a child process, with the OpenSearch provider."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request

from processes import Process, free_ports
from support import ROOT
from support.clusters import Cluster, eventually

STOP_SECONDS = 10
# What the shell that runs the tests may have set must not reach the server.
FOREIGN = ("OPENSEARCH_", "AWS_", "MCP_", "HYDRANT_", "REDIS_", "NATS_")



_given: set[int] = set()  # a port stays free until its server listens


def _port() -> int:
    port = next(port for port in free_ports(len(_given) + 1) if port not in _given)
    _given.add(port)
    return port


def binary() -> str:
    return str(pathlib.Path(os.environ.get("HYDRANT_BINARY", ROOT / "build/release/hydrant")).resolve())


def _bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}


class Hydrant(Process):
    """A context manager: it serves inside of the block. `flags` and `environment` are what its operator would set."""

    def __init__(self, *flags: str, environment: dict[str, str] | None = None, cluster: Cluster | None = None,
                 name: str = "hydrant"):
        self.port = _port()
        self._folder = tempfile.TemporaryDirectory(prefix="hydrant-opensearch-")
        arguments = [binary(), "serve", "--providers", "opensearch", "--port", str(self.port), "--drain-delay", "0s",
                     "--drain-timeout", "2s", *flags]
        super().__init__(name, arguments, pathlib.Path(self._folder.name) / f"{name}.log")
        pointed = {"OPENSEARCH_URL": cluster.url} if cluster else {}
        self.environment = {**_bare_environment(), **pointed, **(environment or {})}
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Hydrant":
        self.start()
        try:
            eventually(self._serves, f"{self.name} serves; its log: {self.output()[-2000:]}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self._folder.cleanup()

    def _serves(self) -> bool:
        if not self.runs():
            raise AssertionError(f"{self.name} ended with {self.exit_status()}: {self.output()[-3000:]}")
        with urllib.request.socket.create_connection(("127.0.0.1", self.port), 1):
            return True

    def stop(self) -> None:
        """Its end in good order is part of each test."""
        if not self.runs():
            return
        assert self.child
        self.signal(signal.SIGTERM)
        try:
            status = self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {STOP_SECONDS} s of SIGTERM") from None
        if status != 0:
            raise AssertionError(f"{self.name} ended with {status}: {self.output()[-3000:]}")

    def output(self) -> str:
        """All that it has written so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def get(self, path: str) -> tuple[int, dict]:
        """(status, JSON) of one of the server's own pages."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def health(self) -> dict:
        return self.get("/health")[1]

    def until_connected(self) -> None:
        """A server is up before it has looked at its cluster."""
        eventually(lambda: self.health()["opensearch"]["status"] == "connected", "the cluster is seen")


def run_to_its_end(*flags: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """(status, output) of a server that is expected not to start."""
    done = subprocess.run([binary(), "serve", "--providers", "opensearch", "--port", "0", *flags], timeout=10,
                          env={**_bare_environment(), **(environment or {})}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode(errors="replace")
