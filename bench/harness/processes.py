"""Servers as child processes: found, pinned, waited for, measured and ended, each by its own process id."""

import os
import resource
import shutil
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 10


class CannotRun(Exception):
    """Something the run needs is missing; the message says what to do. Not a verdict on the server."""


def find_program(name):
    """A tool of the system. Debian keeps nginx in /usr/sbin, which is not on everybody's PATH."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not path:
        raise CannotRun(f"{name} is not installed; bench/README.md says what a run needs")
    return path


def find_built(path, target):
    """A program of this project, as an absolute path."""
    path = Path(path).resolve()
    if not os.access(path, os.X_OK):
        raise CannotRun(
            f"{path} is missing. Build it first:\n"
            f"  cmake --preset release && cmake --build --preset release --target {target}")
    return str(path)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def raise_open_files():
    """Children inherit it, so that the server may hold as many connections as we do. Returns the limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def hydrant_command(binary, port):
    return [binary, "serve", "--port", str(port), "--io-threads", "1", "--log-level", "warn"]


class Server:
    """A server on one core. A context manager: it is up inside the block and gone after it."""

    def __init__(self, name, command, port, core=None, environment=None):
        self.name, self.port = name, port
        self._environment = {**os.environ, **(environment or {})}
        self._command = ["taskset", "-c", str(core), *command] if core is not None else command

    def __enter__(self):
        self.start()
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, env=self._environment)

    def stop(self):
        """SIGTERM, then SIGKILL for one that drains longer than we care to wait."""
        self._process.terminate()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self):
        """As if its machine had lost power: no good-bye. Returns when it is gone."""
        self._process.kill()
        self._process.wait()

    def fail_if_gone(self):
        if self._process.poll() is not None:
            raise CannotRun(f"{self.name} ended with status {self._process.returncode}")

    def _wait_until_it_listens(self):
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until:
            self.fail_if_gone()
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise CannotRun(f"{self.name} does not listen on port {self.port} after {START_SECONDS_MAX} s")

    def cpu_by_part(self):
        """A cluster has several parts, see harness/cluster.py."""
        return {self.name: self.cpu_seconds()}

    def cpu_seconds(self):
        """What all its threads have used so far."""
        total = 0
        for task in Path(f"/proc/{self._process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def rss_kb(self):
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise CannotRun(f"{self.name} has no VmRSS: it is ending")
