"""The two OpenSearch servers that tests/opensearch/run has started, and how to disturb them."""

import functools
import json
import os
import pathlib
import subprocess
import time
from collections.abc import Callable
from typing import Any

from support import ROOT
from server import Refused, Server

HEAL_SECONDS = 60


class Cluster:
    """One of them. `folder` is where scripts/opensearch keeps it."""

    def __init__(self, folder: pathlib.Path, port: int, is_secure: bool):
        self.folder, self.port = folder, port
        self.url = f"{'https' if is_secure else 'http'}://127.0.0.1:{port}"
        self.is_secure = is_secure

    @functools.cached_property
    def rest(self) -> Server:
        """Asks it directly, with all rights."""
        if not self.is_secure:
            return Server(self.url)
        return Server(self.url, str(self.ca), "admin", self.secret("admin.password"))

    def get(self, path: str) -> Any:
        return self.rest.call("GET", path)

    def rows(self, path: str) -> list[dict[str, str]]:
        """Those of a _cat path."""
        return self.get(f"{path}{'&' if '?' in path else '?'}format=json&bytes=b")

    @property
    def ca(self) -> pathlib.Path:
        return self.folder / "security" / "ca.pem"

    def secret_file(self, name: str) -> pathlib.Path:
        return self.folder / "security" / name

    def secret(self, name: str) -> str:
        return self.secret_file(name).read_text().strip()

    def secrets(self) -> list[str]:
        """What no log and no answer may hold."""
        if not self.is_secure:
            return []
        names = ("admin.password", "reader.password", "writer.password", "bearer.token")
        return [self.secret(name) for name in names]

    def disturb(self, command: str) -> None:
        """kill, pause, resume or restart; returns when it is done."""
        subprocess.run([ROOT / "scripts" / "opensearch", command, "--folder", self.folder], check=True,
                       stdout=subprocess.DEVNULL, cwd=ROOT, timeout=150)

    def searches(self) -> list[dict[str, Any]]:
        """Searches that run now."""
        nodes = self.get("/_tasks?actions=*search*&detailed").get("nodes", {})
        return [task for node in nodes.values() for task in node["tasks"].values()]

    def heal(self) -> None:
        """Waits until every shard is there again."""
        wanted = "wait_for_no_initializing_shards=true&wait_for_status=yellow"
        self.get(f"/_cluster/health?{wanted}&timeout={HEAL_SECONDS}s")


def _cluster(kind: str, default_port: int) -> Cluster:
    port = int(os.environ.get(f"HYDRANT_OPENSEARCH_{kind.upper()}_PORT", default_port))
    return Cluster(ROOT / "build" / "opensearch" / f"test-{kind}", port, kind == "secure")


@functools.cache
def plain() -> Cluster:
    return _cluster("plain", 9600)


@functools.cache
def secure() -> Cluster:
    """With TLS and users."""
    return _cluster("secure", 9610)


def eventually(look: Callable[[], Any], what: str, seconds: float = 10.0) -> Any:
    """What `look` returns once that is truthy. Its own failures count as not yet."""
    end = time.monotonic() + seconds
    seen: Any = None
    while True:
        try:
            seen = look()
        except (OSError, Refused, ValueError) as failure:
            seen = failure
        if seen and not isinstance(seen, Exception):
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}; last seen: {seen!r:.500}")
        time.sleep(0.02)


def _seen(cluster: Cluster, path: str) -> Any:
    """Where there is nothing, some APIs say 404."""
    try:
        return cluster.get(path)
    except Refused as refused:
        if refused.status != 404:
            raise
        return None


def snapshot(cluster: Cluster) -> str:
    """All that a forbidden write could have changed, as text. Counts are as of a refresh."""
    cluster.rest.call("POST", "/_refresh")
    settings = cluster.get("/_all/_settings?expand_wildcards=all&flat_settings")
    looks = {path: _seen(cluster, path) for path in (
        "/_all/_mapping?expand_wildcards=all", "/_alias", "/_index_template", "/_component_template", "/_template",
        "/_cluster/settings?flat_settings", "/_data_stream", "/_snapshot", "/_ingest/pipeline", "/_search/pipeline",
        "/_cluster/state/metadata?filter_path=metadata.stored_scripts,metadata.cluster_coordination",
        "/_search/point_in_time/_all",
        "/_nodes/stats/indices/search?filter_path=nodes.*.indices.search.scroll_current")}
    counts = {row["index"]: (row["docs.count"], row["docs.deleted"], row["status"])
              for row in cluster.rows("/_cat/indices?expand_wildcards=all&h=index,docs.count,docs.deleted,status")}
    return json.dumps({"settings": settings, "counts": counts, **looks}, indent=1, sort_keys=True)
