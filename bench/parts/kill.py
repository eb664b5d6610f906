"""kill -9 of a node that holds 1,000 open streams: when the last of them is live again at another node."""

import asyncio
import itertools
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from harness import mcp, report
from harness.cluster import Cluster
from harness.fault_suite import Redis
from harness.timing import at_rate, milliseconds, now, percentile, timed, undisturbed

LIVE_SECONDS_BAR = 3.0
STREAMS, OPENED_AT_ONCE = 1000, 32
INCREMENTS_PER_SECOND = 2
PROBE_INTERVAL, CALM_SECONDS, STORM_SECONDS = 0.01, 3, 8
RETRY_SECONDS, PATIENCE_SECONDS = 0.05, 20
COUNTER = "demo://counter"


class Stream:
    """One session and the stream that it keeps open, wherever that is possible."""

    def __init__(self):
        self.session, self.cursor, self.events = "", None, 0
        self.cut_at = self.live_after = None
        self.refusals = 0

    async def open(self, port):
        connection = await mcp.Connection.open(port)
        self.session = await mcp.open_session(connection)
        await mcp.subscribe(connection, self.session, COUNTER)
        await mcp.open_stream(connection, self.session)
        return connection

    async def live(self, connection, others):
        """Reads until cancelled. The first cut begins the time that is measured."""
        while True:
            try:
                async for event in connection.events():
                    self._take(event)
            except (OSError, EOFError):
                pass
            connection.close()
            self.cut_at = self.cut_at or now()
            connection = await self._resume(others)

    def _take(self, event):
        self.cursor = event.id
        if not event.data:
            return
        self.events += 1
        if self.cut_at and self.live_after is None:
            self.live_after = now() - self.cut_at

    async def _resume(self, others):
        while True:
            try:
                connection = await mcp.Connection.open(next(others))
                await mcp.open_stream(connection, self.session, self.cursor)
                return connection
            except (OSError, EOFError, mcp.Refused):
                self.refusals += 1
                await asyncio.sleep(RETRY_SECONDS)


async def probe(ports, redis_port, seconds):
    """{what: seconds of each exchange} of echoes at the nodes and PING at Redis, a hundred of each in a second."""
    store, found = Redis(redis_port), {}

    async def watch(name, ask):
        until, found[name] = now() + seconds, []
        while now() < until:
            found[name].append(await timed(ask()))
            await asyncio.sleep(PROBE_INTERVAL)

    watched = [watch("PING at Redis", lambda: store.call("PING"))]
    for port in ports:
        connection = await mcp.Connection.open(port)
        session = await mcp.open_session(connection)
        watched.append(watch(f"echo at node {len(watched) + 1}",
                             lambda c=connection, s=session: mcp.session_echo(c, s)))
    with undisturbed():
        await asyncio.gather(*watched)
    return found


def probe_alone(*about):
    return asyncio.run(probe(*about))


async def open_all(port):
    at_once = asyncio.Semaphore(OPENED_AT_ONCE)

    async def open_one(stream):
        async with at_once:
            return await stream.open(port)

    streams = [Stream() for _ in range(STREAMS)]
    return streams, await asyncio.gather(*(open_one(one) for one in streams))


class Incrementer:
    """Each call brings an event to every stream."""

    def __init__(self, connection, session):
        self._connection, self._session, self.calls = connection, session, 0

    async def call(self, *_):
        self.calls += 1
        await mcp.session_request(self._connection, self._session, mcp.call_message("increment", {}, id=self.calls))

    async def until(self, done):
        end = now() + PATIENCE_SECONDS
        while not done() and now() < end:
            await self.call()
            await asyncio.sleep(1 / INCREMENTS_PER_SECOND)


async def arrived(streams, count):
    """Waits until each stream has so many events, or long enough to say that it will not."""
    end = now() + PATIENCE_SECONDS
    while any(one.events < count for one in streams) and now() < end:
        await asyncio.sleep(0.05)


async def run(cluster, pool):
    loop, (victim, *others) = asyncio.get_running_loop(), cluster.nodes
    ports = [node.port for node in others]
    streams, connections = await open_all(victim.port)
    turn = itertools.cycle(ports)
    tasks = [asyncio.create_task(one.live(connection, turn)) for one, connection in zip(streams, connections)]
    caller = await mcp.Connection.open(ports[0])
    incrementer = Incrementer(caller, await mcp.open_session(caller))
    await at_rate(INCREMENTS_PER_SECOND, 1, incrementer.call)
    await arrived(streams, incrementer.calls)

    about = (ports, cluster.redis.port)
    calm = await loop.run_in_executor(pool, probe_alone, *about, CALM_SECONDS)
    storm = loop.run_in_executor(pool, probe_alone, *about, STORM_SECONDS)
    await asyncio.sleep(0.5)
    victim.kill()
    with undisturbed():
        await incrementer.until(lambda: all(one.live_after is not None for one in streams))
    await arrived(streams, incrementer.calls)
    storm = await storm
    for task in tasks:
        task.cancel()
    return streams, incrementer.calls, calm, storm


def measure(options, stack, folder, bars):
    # A process of its own for the probes: this one is busy with a thousand clients.
    pool = stack.enter_context(ProcessPoolExecutor(1, multiprocessing.get_context("fork")))
    pool.submit(int).result()  # begun before there is anything that it should not inherit
    cluster = stack.enter_context(Cluster("kill", options.hydrant, options.server_core))
    streams, calls, calm, storm = asyncio.run(run(cluster, pool))
    live = [one.live_after for one in streams if one.live_after is not None]
    table = report.print_table(
        ["node killed", "streams", "live again p50 s", "p99 s", "last s", "tries refused", "events each"],
        [["kill -9", len(live), f"{percentile(live, 50):.2f}", f"{percentile(live, 99):.2f}", f"{max(live):.2f}",
          sum(one.refusals for one in streams), calls]])
    print()
    probes = report.print_table(
        ["probe", "before p50 ms", "p99 ms", "longest ms", "meanwhile p50 ms", "p99 ms", "longest ms"],
        [[name, *milliseconds(calm[name]), *milliseconds(storm[name])] for name in calm])
    if len(live) < STREAMS:
        bars.fault(f"{STREAMS - len(live)} streams were not live again within {PATIENCE_SECONDS} s")
    if wrong := sum(one.events != calls for one in streams):
        bars.fault(f"{wrong} streams got more or fewer events than the {calls} there were")
    bars.at_most(f"the last of {STREAMS} streams live again, s", max(live), LIVE_SECONDS_BAR)
    return table + "\n\n" + probes, {"live_after": live, "calm": calm, "storm": storm}
