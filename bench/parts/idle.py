"""100,000 sessions that nobody uses: what they hold in Redis and in the nodes, and whether they slow others down."""

import asyncio
import sys
import time

from harness import report, wrk
from harness.cluster import Cluster, node_metric
from parts.echo import contestants_of, head, play, report_faults, row

BYTES_BAR, SPEED_BAR = 1000, 0.9
PASSIVATE_SECONDS, PASSIVATED_SECONDS_MAX = 5, 30
SLICE_SECONDS, SLICES_MAX = 4, 25
FLAGS = ("--session-max", "1000000", "--session-passivate-after", f"{PASSIVATE_SECONDS}s")


def ask_redis(cluster, *words):
    async def ask():
        store = cluster.store()
        answer = await store.call(*words)
        store.close()
        return answer
    return asyncio.run(ask())


def state(cluster):
    memory = ask_redis(cluster, "INFO", "memory")
    return {"sessions": ask_redis(cluster, "ZCARD", "hydrant:sessions"),
            "redis_bytes": int(memory.split("used_memory:")[1].split()[0]),
            "node_kb": sum(node.rss_kb() for node in cluster.nodes),
            "actors": sum(node_metric(node, "hydrant_session_actors") for node in cluster.nodes)}


def open_idle(cluster, options):
    """At least so many; wrk cannot stop at a number."""
    for _ in range(SLICES_MAX):
        result = wrk.run(cluster.port, "open_sessions.lua", SLICE_SECONDS, options.connections, options.load_core)
        if found := wrk.faults(result):
            return found
        count = state(cluster)["sessions"]
        print(f"  {count} sessions", file=sys.stderr)
        if count >= options.idle_sessions:
            return []
    return [f"only {count} sessions could be opened in {SLICES_MAX * SLICE_SECONDS} s"]


def passivated(cluster):
    """The state once the nodes have let go of idle sessions, or after PASSIVATED_SECONDS_MAX."""
    until = time.monotonic() + PASSIVATED_SECONDS_MAX
    while (now := state(cluster))["actors"] and time.monotonic() < until:
        time.sleep(0.5)
    return now


def measure(options, stack, folder, bars):
    full, empty = (stack.enter_context(Cluster(name, options.hydrant, options.server_core, flags=FLAGS))
                   for name in ("full", "empty"))
    before = state(full)
    for fault in open_idle(full, options):
        bars.fault(f"opening idle sessions: {fault}")
    opened, idle = state(full), passivated(full)
    count = idle["sessions"] - before["sessions"]
    redis_bytes = (idle["redis_bytes"] - before["redis_bytes"]) / count

    table = report.print_table(
        ["3 nodes", "sessions", "Redis MB", "nodes' RSS MB", "held by nodes"],
        [[name, f"{one['sessions']:,}", f"{one['redis_bytes'] / 1e6:.1f}", f"{one['node_kb'] / 1024:.1f}",
          f"{one['actors']:.0f}"] for name, one in
         (("before", before), ("all opened", opened), (f"{PASSIVATE_SECONDS} s idle", idle))])
    with_them = contestants_of(full, options, folder, {"balancer": f"echo beside {count:,} idle sessions"})[0]
    without = contestants_of(empty, options, folder, {"balancer": "echo without them"})[0]
    play([without, with_them], options)
    print()
    echo = report.print_table(head("3 nodes, HAProxy", "without"), [row(one, without) for one in (without, with_them)])
    report_faults([without, with_them], bars)
    bars.at_most("an idle session in Redis, bytes", redis_bytes, BYTES_BAR, "{:.0f}")
    if idle["actors"]:
        bars.fault(f"nodes still hold {idle['actors']:.0f} sessions that are idle")
    bars.at_least(f"echo beside {count:,} idle sessions to echo without them",
                  with_them.ratio("per_second", without), SPEED_BAR)
    return table + "\n\n" + echo, {"before": before, "opened": opened, "idle": idle,
                                   "rounds": {one.name: one.rounds for one in (without, with_them)}}
