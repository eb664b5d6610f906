"""From a call at one node to the stream that another node holds, 2,000 events/s in total."""

import asyncio
import json

from harness import mcp, report
from harness.cluster import Cluster
from harness.timing import Pool, at_rate, milliseconds, now, percentile, undisturbed

P99_MS_BAR = 10.0
EVENTS_PER_SECOND, SESSIONS = 2000, 20
WARM_UP_SECONDS, SETTLE_SECONDS_MAX = 2, 10
CONNECTIONS = 32
COUNTDOWN_EVENTS = 10  # nine steps and the result
COUNTER = "demo://counter"


async def settled(complete):
    """Waits until all has arrived, or long enough to say that it will not."""
    until = now() + SETTLE_SECONDS_MAX
    while not complete() and now() < until:
        await asyncio.sleep(0.05)


class Updates:
    """`increment` is called at one node; each subscriber is told, through its stream at another.

    An update does not say which call it came from, but each call brings one to each stream, so the nth belongs to the
    nth call.
    """

    name, events_per_call = "increment, 20 subscribers told", SESSIONS

    async def open(self, caller, holder):
        self._pool = Pool([await mcp.Connection.open(caller) for _ in range(CONNECTIONS)])
        self._asked, self._arrived, self.tasks = [], [[] for _ in range(SESSIONS)], []
        async with self._pool.one() as connection:
            self._session = await mcp.open_session(connection)
            for arrived in self._arrived:
                session = await mcp.open_session(connection)
                await mcp.subscribe(connection, session, COUNTER)
                stream = await mcp.Connection.open(holder)
                await mcp.open_stream(stream, session)
                self.tasks.append(asyncio.create_task(self._read(stream, arrived)))

    async def _read(self, stream, arrived):
        async for event in stream.events():
            if event.data:
                arrived.append(now())

    async def call(self, number, begun):
        self._asked.append(begun)
        async with self._pool.one() as connection:
            await mcp.session_request(connection, self._session, mcp.call_message("increment", {}, id=number))

    def missing(self):
        return len(self._asked) * SESSIONS - sum(map(len, self._arrived))

    def seconds(self, skipped_calls):
        return [at - asked for arrived in self._arrived
                for asked, at in list(zip(self._asked, arrived))[skipped_calls:]]


class Countdowns:
    """Sessions of HTTP+SSE, which have all they are told in one stream: it is at one node, while the call that counts
    down without a pause is posted to another and runs there. Each event names its call."""

    name, events_per_call = "countdown, its own stream", COUNTDOWN_EVENTS

    async def open(self, caller, holder):
        self._pool = Pool([await mcp.Connection.open(caller) for _ in range(CONNECTIONS)])
        self._asked, self._arrived, self.tasks = {}, {}, []
        self._paths = [await self._open_one(holder) for _ in range(SESSIONS)]

    async def _open_one(self, holder):
        stream = await mcp.Connection.open(holder)
        answer = await stream.get("/sse", {"Accept": "text/event-stream"})
        mcp.expect(answer.status == 200 and answer.is_stream(), "GET /sse", answer)
        events = stream.events()
        path = (await anext(events)).data
        await self._post(path, mcp.hello_message("2024-11-05"))
        await anext(events)
        await self._post(path, mcp.READY)
        self.tasks.append(asyncio.create_task(self._read(events)))
        return path

    async def _post(self, path, message):
        async with self._pool.one() as connection:
            answer = await connection.post(message, {}, path)
            mcp.expect(answer.status == 202, message["method"], answer)

    async def _read(self, events):
        async for event in events:
            message = json.loads(event.data)
            call = message.get("id") or message["params"]["progressToken"]
            self._arrived.setdefault(call, []).append(now())

    async def call(self, number, begun):
        call = len(self._asked) + 1
        self._asked[call] = begun
        arguments = {"from": COUNTDOWN_EVENTS - 1, "interval_ms": 0}
        await self._post(self._paths[number % SESSIONS],
                         mcp.call_message("countdown", arguments, {"progressToken": call}, call))

    def missing(self):
        return len(self._asked) * COUNTDOWN_EVENTS - sum(map(len, self._arrived.values()))

    def seconds(self, skipped_calls):
        return [at - self._asked[call] for call, arrived in self._arrived.items() if call > skipped_calls
                for at in arrived]


async def run(kind, cluster, seconds):
    """(seconds of each event, events that did not come)."""
    await kind.open(cluster.nodes[0].port, cluster.nodes[1].port)
    calls_per_second = EVENTS_PER_SECOND // kind.events_per_call
    await at_rate(calls_per_second, WARM_UP_SECONDS, kind.call)
    before = cluster.cpu_by_part()
    with undisturbed():
        begun = now()
        await at_rate(calls_per_second, seconds, kind.call)
        took = now() - begun
    busy = {name: (total - before[name]) / took for name, total in cluster.cpu_by_part().items()}
    await settled(lambda: kind.missing() <= 0)
    for task in kind.tasks:
        if task.done():
            task.result()  # the stream was cut: that is worth more than its missing events
        task.cancel()
    return {"name": kind.name, "seconds": kind.seconds(calls_per_second * WARM_UP_SECONDS), "missing": kind.missing(),
            "busy": busy}


def measure(options, stack, folder, bars):
    found = []
    for kind in (Updates(), Countdowns()):
        with Cluster("push", options.hydrant, options.server_core) as cluster:
            found.append(asyncio.run(run(kind, cluster, options.push_seconds)))
            cluster.fail_if_gone()
    parts = ("nodes", "redis", "nats")
    table = report.print_table(
        ["call at one node, stream at another", "events", "p50 ms", "p99 ms", "longest ms",
         *(f"{part} busy" for part in parts)],
        [[one["name"], len(one["seconds"]), *milliseconds(one["seconds"]),
          *(f"{one['busy'][part]:.0%}" for part in parts)] for one in found])
    for one in found:
        if one["missing"]:
            bars.fault(f"{one['name']}: {one['missing']} events too few")
        bars.at_most(f"{one['name']}, p99 ms", 1000 * percentile(one["seconds"], 99), P99_MS_BAR)
    return table, {"kinds": found}
