"""Hydrant as it is deployed, on one machine: nodes and HAProxy; with the store `redis` also Redis and NATS."""

import contextlib
import tempfile
import time
import urllib.request
from pathlib import Path

from harness.fault_suite import Redis
from harness.processes import CannotRun, ROOT, Server, find_program, free_port, hydrant_command

READY_SECONDS_MAX = 10
ACQUAINTED_SECONDS = 1.5  # nodes learn of each other by heartbeats, one a second


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return answer.read().decode()


def node_metric(node, name):
    return sum(float(line.split()[1]) for line in get(node.port, "/metrics").splitlines()
               if line.startswith(name + " "))


class Cluster:
    """A context manager, as a server is. All of it shares one core, so that it competes with one node for the same.

    `fsync` is what Redis does before it acknowledges a write: `always` as in scripts/cluster, or `everysec`.
    """

    def __init__(self, name, binary, core, nodes=3, store="redis", flags=(), fsync="always"):
        self.name, self.port, self.nodes = name, free_port(), []
        self.redis = self.nats = None
        self._binary, self._core, self._count, self._store = binary, core, nodes, store
        self._flags, self._fsync = flags, fsync
        self._servers = []
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        with self._stack:
            self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="hydrant-bench-")))
            if self._store == "redis":
                self._start_services()
            for number in range(1, self._count + 1):
                self.nodes.append(self._start(self._node(f"n{number}")))
            for node in self.nodes:
                self._wait_until_ready(node)
            self._start(self._haproxy())
            self._wait_until_ready(self, "/health")
            if len(self.nodes) > 1:
                time.sleep(ACQUAINTED_SECONDS)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _start(self, server):
        self._servers.append(server)
        return self._stack.enter_context(server)

    # As scripts/cluster starts them.
    def _start_services(self):
        port, data = free_port(), self._folder / "redis"
        data.mkdir()
        self.redis = self._start(Server("redis", [
            find_program("redis-server"), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(data),
            "--appendonly", "yes", "--appendfsync", self._fsync, "--save", "", "--maxmemory-policy", "noeviction"],
            port, self._core))
        port = free_port()
        self.nats = self._start(Server("nats", [
            find_program("nats-server"), "--addr", "127.0.0.1", "--port", str(port),
            "--log", str(self._folder / "nats.log")], port, self._core))

    def _node(self, name):
        port = free_port()
        command = [*hydrant_command(self._binary, port), "--node-id", name, "--drain-delay", "0s", "--drain-timeout",
                   "1s", *self._flags]
        if self._store != "redis":
            return Server(name, command, port, self._core)
        found_at = {"REDIS_URL": f"redis://127.0.0.1:{self.redis.port}",
                    "NATS_URL": f"nats://127.0.0.1:{self.nats.port}"}
        return Server(name, [*command, "--store", "redis", "--bus", "nats"], port, self._core, found_at)

    def _haproxy(self):
        lines = [f"    server {node.name} 127.0.0.1:{node.port}\n" for node in self.nodes]
        nodes = self._folder / "nodes.cfg"
        nodes.write_text("backend hydrant\n" + "".join(lines))
        command = [find_program("haproxy"), "-db", "-q", "-f", str(ROOT / "deploy" / "haproxy.cfg"), "-f", str(nodes)]
        binds = {"HYDRANT_BIND": f"127.0.0.1:{self.port}", "HYDRANT_STATS_BIND": f"127.0.0.1:{free_port()}"}
        return Server("haproxy", command, self.port, self._core, binds)

    @staticmethod
    def _wait_until_ready(server, path="/ready"):
        until = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                get(server.port, path)
                return
            time.sleep(0.02)
        raise CannotRun(f"{server.name} is not ready after {READY_SECONDS_MAX} s")

    def store(self):
        """A client of its Redis, for the event loop that is running."""
        return Redis(self.redis.port)

    def fail_if_gone(self):
        for server in self._servers:
            server.fail_if_gone()

    def cpu_by_part(self):
        """All nodes together are one part."""
        parts = {}
        for server in self._servers:
            part = "nodes" if server in self.nodes else server.name
            parts[part] = parts.get(part, 0) + server.cpu_seconds()
        return parts
