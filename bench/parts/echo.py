"""Echo in sessions: three nodes with Redis against one node with everything in memory, on the same core."""

import asyncio
import statistics
import sys

from harness import mcp, report
from harness.cluster import Cluster
from harness.contest import Contestant

SPEED_BAR = 0.5
PARTS = ("haproxy", "nodes", "redis", "nats")


async def open_sessions(port, count, file):
    """Writes their ids, one a line, and calls echo in the last. Returns its answer."""
    connection = await mcp.Connection.open(port)
    ids = [await mcp.open_session(connection) for _ in range(count)]
    answer = await mcp.session_echo(connection, ids[-1])
    connection.close()
    file.write_text("".join(f"{one}\n" for one in ids))
    return answer


def contestants_of(cluster, options, folder, names):
    """`names` by where the load goes: the balancer, or the first node."""
    ids = folder / f"{cluster.name} sessions"
    answers = {"balancer": asyncio.run(open_sessions(cluster.port, options.sessions, ids)),
               "node": asyncio.run(open_sessions(cluster.nodes[0].port, 1, folder / "one"))}
    ports = {"balancer": cluster.port, "node": cluster.nodes[0].port}
    return [Contestant(cluster, "session_echo.lua", name, answers[to], ids, ports[to]) for to, name in names.items()]


def play(contestants, options):
    for number in range(options.rounds):
        print(f"  round {number + 1} of {options.rounds}", file=sys.stderr)
        for one in contestants:
            one.play(options)
            one.server.fail_if_gone()


def report_faults(contestants, bars):
    for one in contestants:
        if one.faults:
            bars.fault(f"{one.name}: {', '.join(sorted(set(one.faults)))}")


def part_cost(one, part):
    """µs of CPU for a request; a part that it does not have costs nothing."""
    return statistics.median(each["parts_cpu_us"].get(part, 0) for each in one.rounds)


def row(one, base):
    return [one.name, f"{one.median('per_second'):,.0f}", f"{one.ratio('per_second', base):.2f}",
            f"{one.median('p50_us') / 1000:.2f}", f"{one.median('p99_us') / 1000:.2f}",
            f"{base.ratio('cpu_us', one):.2f}", *(f"{part_cost(one, part):.1f}" for part in PARTS),
            f"{one.median('busy'):.0%}"]


def head(what, base):
    return [what, "requests/s", f"to {base}", "p50 ms", "p99 ms", f"per CPU to {base}",
            *(f"{part} µs" for part in PARTS), "core busy"]


def measure(options, stack, folder, bars):
    def start(name, **how):
        return stack.enter_context(Cluster(name, options.hydrant, options.server_core, **how))

    memory = contestants_of(start("memory", nodes=1, store="memory"), options, folder,
                            {"balancer": "memory, 1 node, HAProxy", "node": "memory, 1 node, direct"})
    redis = contestants_of(start("redis"), options, folder,
                           {"balancer": "Redis, 3 nodes, HAProxy", "node": "Redis, 1 of 3 nodes, direct"})
    relaxed = contestants_of(start("everysec", fsync="everysec"), options, folder,
                             {"balancer": "Redis everysec, 3 nodes, HAProxy",
                              "node": "Redis everysec, 1 of 3 nodes, direct"})
    behind, direct = [[side[i] for side in (memory, redis, relaxed)] for i in (0, 1)]
    play(behind + direct, options)
    rows = [row(one, group[0]) for group in (behind, direct) for one in group]
    table = report.print_table(head("echo, 2025-11-25", "memory"), rows)
    report_faults(behind + direct, bars)
    bars.at_least("echo through HAProxy, 3 nodes with Redis to 1 with memory",
                  behind[1].ratio("per_second", behind[0]), SPEED_BAR)
    return table, {"contestants": [{"name": one.name, "rounds": one.rounds} for one in behind + direct]}
