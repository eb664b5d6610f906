"""HAProxy as deploy/haproxy.cfg sets it up, before servers that were started already."""

import pathlib
import shutil
import tempfile
import urllib.error
import urllib.request

from processes import Process, free_ports
from support import ROOT
from support.clusters import eventually
from support.hydrant import Hydrant


class Balancer:
    """A context manager. `prefix` is where the servers' own pages are."""

    def __init__(self, servers: list[Hydrant], prefix: str = ""):
        self.port, statistics = free_ports(2)
        self._folder = tempfile.TemporaryDirectory(prefix="hydrant-balancer-")
        folder = pathlib.Path(self._folder.name)
        lines = [f"    server {server.name} 127.0.0.1:{server.port}\n" for server in servers]
        check = f"    http-check send meth GET uri {prefix}/ready ver HTTP/1.1 hdr Host localhost\n"
        (folder / "nodes.cfg").write_text("backend hydrant\n" + check + "".join(lines))
        # Debian keeps it where not everybody's PATH leads.
        program = shutil.which("haproxy") or "/usr/sbin/haproxy"
        arguments = [program, "-db", "-q", "-f", str(ROOT / "deploy" / "haproxy.cfg"), "-f", str(folder / "nodes.cfg")]
        binds = {"HYDRANT_BIND": f"127.0.0.1:{self.port}", "HYDRANT_STATS_BIND": f"127.0.0.1:{statistics}"}
        self._process = Process("haproxy", arguments, folder / "haproxy.log", binds)
        self._health = f"http://127.0.0.1:{self.port}{prefix}/health"

    def __enter__(self) -> "Balancer":
        self._process.start()
        eventually(self._serves, "the balancer has found its servers")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._folder.cleanup()

    def _serves(self) -> bool:
        try:
            with urllib.request.urlopen(self._health, timeout=2) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False
