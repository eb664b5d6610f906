"""What a call asks of Redis, in round trips, and how long the first call of a session takes on a node new to it."""

import asyncio

from harness import mcp, report
from harness.cluster import Cluster
from harness.timing import milliseconds, now, percentile, timed, undisturbed

NOISE = 0.02  # a heartbeat more or less beside the calls than in the idle time
WARM_BAR, MODERN_BAR, EXTRA_BAR = 1.0 + NOISE, NOISE, 1.0 + NOISE
COLD_P99_MS_BAR = 5.0
CALLS = 2000


async def reads(store):
    """How often Redis has read from a connection. One call after the other, each round trip is one such read; counts of
    commands would not do, since Redis adds those that a script makes."""
    stats = await store.call("INFO", "stats")
    return int(stats.split("total_reads_processed:")[1].split()[0])


async def observe(store, calls):
    """(seconds of each call, round trips a call). What nodes ask for while nobody calls is subtracted."""
    begun, before = now(), await reads(store)
    seconds = [await timed(call()) for call in calls]
    took, during = now() - begun, await reads(store)
    await asyncio.sleep(took)
    idle = await reads(store) - during
    return seconds, max(0, during - before - idle) / len(calls)


async def run(cluster):
    store, a, b = cluster.store(), *[await mcp.Connection.open(node.port) for node in cluster.nodes[:2]]
    sessions = [await mcp.open_session(a) for _ in range(CALLS + 1)]
    # Once everywhere before, so that no script is loaded and no code run for the first time.
    first = sessions.pop()
    for connection in (a, b, a, b):
        await mcp.session_echo(connection, first)
        await mcp.modern_echo(connection)

    with undisturbed():
        found = {"2025-11-25, first call at a node": await observe(store, [
                     lambda one=one: mcp.session_echo(b, one) for one in sessions]),
                 "2025-11-25, later calls": await observe(store, [
                     lambda one=one: mcp.session_echo(b, one) for one in sessions]),
                 "2026-07-28": await observe(store, [lambda: mcp.modern_echo(b)] * CALLS)}
    for one in (a, b, store):
        one.close()
    return found


def measure(options, stack, folder, bars):
    cluster = stack.enter_context(Cluster("calls", options.hydrant, options.server_core))
    found = asyncio.run(run(cluster))
    cluster.fail_if_gone()
    table = report.print_table(
        ["echo, one after the other", "calls", "round trips to Redis a call", "p50 ms", "p99 ms", "longest ms"],
        [[name, len(seconds), f"{trips:.2f}", *milliseconds(seconds)] for name, (seconds, trips) in found.items()])
    (cold, cold_trips), (_, warm_trips), (_, modern_trips) = found.values()
    bars.at_most("round trips to Redis of a call in a session", warm_trips, WARM_BAR)
    bars.at_most("round trips to Redis of a call of 2026-07-28", modern_trips, MODERN_BAR)
    bars.at_most("round trips more for a session's first call at a node", cold_trips - warm_trips, EXTRA_BAR)
    bars.at_most("a session's first call at a node, p99 ms", 1000 * percentile(cold, 99), COLD_P99_MS_BAR)
    return table, {name: {"seconds": seconds, "trips": trips} for name, (seconds, trips) in found.items()}
