"""wrk, pinned to the load's core, and its result as a dictionary."""

import json
import os
import subprocess

from harness.processes import ROOT, CannotRun

SCRIPTS = ROOT / "bench" / "wrk"
ERRORS = ("wrong", "status", "connect", "read", "write", "timeout")


def run(port, script, seconds, connections, core, check=False, session_ids=None):
    """One run. `check` looks at every answer, which costs wrk speed: not for timed runs. See load.lua for the keys."""
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
               "-s", str(SCRIPTS / script), f"http://127.0.0.1:{port}/mcp"]
    if check:
        command += ["--", "check"]
    environment = dict(os.environ, SESSION_IDS=str(session_ids or ""))
    finished = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=seconds + 30)
    for line in finished.stdout.splitlines():
        if line.startswith("{"):
            return json.loads(line)
    raise CannotRun(f"wrk gave no result:\n{finished.stdout}{finished.stderr}")


def faults(result, answer_bytes=None, connections=0):
    """What is wrong with a run, as words; empty if nothing is.

    `answer_bytes` is the size of a right answer on the wire, or None where it varies. wrk counts the bytes of answers
    that are still under way when it stops, so each connection may be off by one answer.
    """
    found = [f"{name}={result[name]}" for name in ERRORS if result[name]]
    if result["requests"] == 0:
        found.append("no answer at all")
    elif answer_bytes:
        excess = abs(result["bytes"] - result["requests"] * answer_bytes)
        if excess > connections * answer_bytes:
            found.append(f"answers of {result['bytes'] / result['requests']:.0f} bytes instead of {answer_bytes}")
    return found
