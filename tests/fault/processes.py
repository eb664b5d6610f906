"""Child processes of the fault suite: each dies with the test, and is only ever signalled by its own id."""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_the_test() -> None:
    """Runs in the child. Its own process group, so that Ctrl-C reaches the test alone."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setpgid(0, 0)


def free_ports(count: int) -> list[int]:
    """Below the range from which the kernel takes the ports of outgoing connections, so that none gets in the way of a
    process that is started again."""
    found: list[int] = []
    candidates = iter(range(20000 + os.getpid() * 37 % 10000, 32000))
    while len(found) < count:
        port = next(candidates)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    return found


class Process:
    """A program that can be started again and again with the same arguments. Its output is appended to one file."""

    def __init__(self, name: str, arguments: list[str], log: pathlib.Path, environment: dict[str, str] | None = None):
        self.name, self.arguments, self.log = name, arguments, log
        self.environment = {**os.environ, **(environment or {})}
        self.child: subprocess.Popen[bytes] | None = None
        self.stopped = False  # by SIGSTOP

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                          env=self.environment, preexec_fn=_die_with_the_test)
        self.stopped = False

    def exit_status(self) -> int | None:
        """None: it runs, or never ran."""
        return None if self.child is None else self.child.poll()

    def runs(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def signal(self, what: signal.Signals) -> None:
        if not self.runs():
            return
        assert self.child
        self.child.send_signal(what)
        self.stopped = what == signal.SIGSTOP or (self.stopped and what != signal.SIGCONT)

    def kill(self) -> None:
        """Returns when it is gone."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()

    def resident_bytes(self) -> int:
        if not self.runs():
            return 0
        assert self.child
        try:
            pages = int(pathlib.Path(f"/proc/{self.child.pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")
