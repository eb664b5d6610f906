"""What the clients of a row do, and how the row is brought to an end at which everything must have arrived."""

import asyncio
import random
import time
from collections.abc import Iterable

from client import MAIN, Client, SessionLost
from cluster import Cluster
from ledger import Ledger, position_of
from resp import RedisError

TOOLS = ("countdown", "countdown", "echo", "increment", "confirm")
WORKERS = 2  # of each session: its requests meet on different nodes
SETTLE_LIMIT = 20.0


class Traffic:
    def __init__(self, cluster: Cluster, ledger: Ledger, sessions: int, seed: int):
        self._cluster, self._ledger = cluster, ledger
        self.clients = [Client(cluster.balancer, ledger, seed * 1000 + index) for index in range(sessions)]
        self._listening: list[asyncio.Task[None]] = []
        self._working: list[asyncio.Task[None]] = []
        self._over = False

    async def begin(self) -> None:
        await asyncio.gather(*(client.open() for client in self.clients))
        self._listening = [asyncio.create_task(client.listen()) for client in self.clients]
        self._working = [asyncio.create_task(self._work(client)) for client in self.clients for _ in range(WORKERS)]

    async def _work(self, client: Client) -> None:
        try:
            while not self._over:
                await self._one_call(client, client.choice)
                await asyncio.sleep(client.choice.uniform(0.05, 0.6))
        except SessionLost:
            return

    @staticmethod
    async def _one_call(client: Client, choice: random.Random) -> None:
        tool = choice.choice(TOOLS)
        if tool == "countdown":
            await client.call(tool, {"from": choice.randrange(3, 40), "interval_ms": choice.choice((0, 20, 50, 100))})
        elif tool == "echo":
            await client.call(tool, {"message": "ü" * choice.randrange(1, 300)})
        elif tool == "confirm":
            await client.call(tool, {"question": f"really, {choice.random()}?"})
        else:
            await client.call(tool, {})

    async def end(self) -> None:
        """Everything is healed: what was asked is answered, a last push reaches all, and the store's logs are read."""
        self._over = True
        _, late = await asyncio.wait(self._working, timeout=SETTLE_LIMIT)
        await self._stop(late)
        await self._stop(self._working)
        try:
            await asyncio.wait_for(self.clients[0].call("increment", {}), SETTLE_LIMIT)
        except (SessionLost, asyncio.TimeoutError):
            self._ledger.mishaps.append("the increment after the row was not answered")
        await self._wait_for_logs()
        await self._stop(self._listening)
        await self._read_logs()

    async def _stop(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        for end in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(end, Exception):  # which a cancellation is not
                self._ledger.mishaps.append(f"a client broke down: {end!r}")

    async def _wait_for_logs(self) -> None:
        """Until all clients have what the logs have."""
        await asyncio.sleep(1)
        until = time.monotonic() + SETTLE_LIMIT
        behind = self.clients
        while behind and time.monotonic() < until:
            behind = [client for client in behind if await self._is_behind(client)]
            await asyncio.sleep(0.1)

    async def _is_behind(self, client: Client) -> bool:
        newest = await self._cluster.store.call("XREVRANGE", _log_key(client.session.id, MAIN), "+", "-", "COUNT", 1)
        cursor = client.cursor(MAIN)
        return bool(newest) and (not cursor or position_of(cursor) < position_of(newest[0][0]))

    async def _read_logs(self) -> None:
        for session in (client.session for client in self.clients):
            for stream in session.begins:
                try:
                    entries = await self._cluster.store.call("XRANGE", _log_key(session.id, stream), "-", "+")
                except (OSError, RedisError) as failure:
                    self._ledger.mishaps.append(f"cannot read the log of {session.id} {stream}: {failure}")
                    continue
                session.log[stream] = [(position, fields[1]) for position, fields in entries]


def _log_key(session: str, stream: str) -> str:
    return "{session:%s}:log:%s" % (session, stream)
