"""A client of the session era 2025-11-25 that writes down all it sends and sees.

It does what a patient client does: what may not have arrived is asked again under a new id, a stream that breaks is
resumed with Last-Event-ID at whatever node the balancer finds, questions are answered through yet another node.
"""

import asyncio
import json
import math
import random
import time
from collections.abc import Coroutine
from typing import Any

from balancer import Balancer
from http_stream import Cut, Exchange, SseEvent, SseParser
from ledger import Event, Ledger, Request, Session, stream_of

MAIN = "main"
HEAD_PATIENCE = 5.0  # seconds until a request without an answer is asked again
SILENCE_PATIENCE = 4.0  # of a stream that has keep-alives every second
TAKEOVER_PATIENCE = 3.0  # for the end of the older connection
REFUSALS_MAX = 200
HANDSHAKE = {"protocolVersion": "2025-11-25", "capabilities": {"elicitation": {"form": {}}},
             "clientInfo": {"name": "fault-suite", "version": "1"}}


def _message(request: int | str, method: str, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Without a tool, the arguments are the method's own parameters."""
    params = arguments if not tool else {"name": tool, "arguments": arguments, "_meta": {"progressToken": request}}
    return {"jsonrpc": "2.0", "id": request, "method": method, "params": params}


class SessionLost(Exception):
    """The server does not know the session any more."""


class Client:
    """One session. All coroutines may run at the same time."""

    def __init__(self, balancer: Balancer, ledger: Ledger, seed: int):
        self._balancer, self._ledger = balancer, ledger
        self.choice = random.Random(seed)
        self.session = Session("")
        self._ids = 0
        self._last_ids: dict[str, str] = {}  # by stream
        self._tasks: set[asyncio.Task[None]] = set()
        self.overlap = False  # resume the main stream while the connection before is still open

    # Requests.

    async def open(self) -> None:
        while not self.session.id:
            hello = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": HANDSHAKE}
            if exchange := await self._send("POST", hello):
                self.session.id = exchange.headers.get("mcp-session-id", "")
                exchange.close()
        self._ledger.sessions.append(self.session)
        await self._post_until_taken({"jsonrpc": "2.0", "method": "notifications/initialized"})
        await self.call("", {"uri": "demo://counter"}, method="resources/subscribe")
        self.session.subscribed = time.monotonic()

    async def call(self, tool: str, arguments: dict[str, Any], method: str = "tools/call") -> Request:
        """Returns the request that was answered in the end, or that was given up."""
        asked = time.monotonic()
        while True:
            self._ids += 1
            request = Request(self._ids, tool or method, arguments, asked, time.monotonic())
            self.session.requests[request.id] = request
            if exchange := await self._send("POST", _message(request.id, method, tool, arguments)):
                try:
                    await self._take_answer(request, exchange)
                except Cut:
                    pass
                finally:
                    exchange.close()
            if request.accepted:
                return request

    async def _take_answer(self, request: Request, exchange: Exchange) -> None:
        if not exchange.streams():
            message = json.loads(await exchange.body(HEAD_PATIENCE))
            request.accepted = time.monotonic()
            request.answers.append((request.accepted, message))
            return
        stream = await self._read(exchange, request)
        while stream and not request.answers and not request.given_up:
            await self._resume(stream, request)

    async def _post_until_taken(self, message: dict[str, Any]) -> None:
        while not (exchange := await self._send("POST", message)):
            pass
        exchange.close()

    # Streams.

    async def listen(self) -> None:
        """Keeps the main stream open, for ever."""
        while True:
            try:
                await self._resume(MAIN)
            except SessionLost:
                return

    def cursor(self, stream: str) -> str:
        return self._last_ids.get(stream, "")

    async def _resume(self, stream: str, request: Request | None = None) -> None:
        """One connection's worth of a stream."""
        cursor = self.cursor(stream)
        try:
            exchange = await self._send("GET", None, {"Last-Event-ID": cursor} if cursor else {})
        except SessionLost as lost:
            if request:
                request.given_up = f"resuming at {cursor}: {lost}"
                return
            raise
        if not exchange:
            return
        if stream != MAIN or not self.overlap:
            await self._read(exchange, request)
        elif await self._read(exchange, limit=time.monotonic() + self.choice.uniform(0.2, 1.0)) is None:
            self._ledger.faults += 1
            self._begin(self._expect_end(exchange))

    async def _read(self, exchange: Exchange, request: Request | None = None, limit: float = math.inf) -> str | None:
        """Reads a stream until its connection ends. Returns its name; empty if that did not come through. None: the
        limit came before, and the connection is still open."""
        parser, name = SseParser(), ""
        node = self._balancer.node_of(exchange.local_port())
        try:
            while piece := await exchange.piece(min(SILENCE_PATIENCE, max(0.0, limit - time.monotonic()))):
                for event in parser.feed(piece):
                    name = stream_of(event.id)
                    self._take(event, request, node)
        except Cut:
            if time.monotonic() >= limit:
                return None
        except BaseException:
            exchange.close()
            raise
        exchange.close()
        if not (request and request.answers):
            await asyncio.sleep(parser.retry * self.choice.uniform(0.9, 1.1))
        return name

    async def _expect_end(self, exchange: Exchange) -> None:
        """Of a connection whose stream another one has taken over. What still comes on it is not looked at."""
        since = time.monotonic()
        try:
            while await exchange.piece(TAKEOVER_PATIENCE):
                if time.monotonic() - since > TAKEOVER_PATIENCE:
                    self._ledger.two_holders.append(f"{self.session.id}: a stream that was taken over goes on")
                    break
        except Cut:
            pass
        finally:
            exchange.close()

    def _take(self, event: SseEvent, request: Request | None, node: str) -> None:
        stream, now = stream_of(event.id), time.monotonic()
        self._last_ids[stream] = event.id
        self.session.begins.setdefault(stream, event.id)
        if request and not request.accepted:
            request.accepted, request.stream = now, stream
        if not event.data:
            return
        self.session.events.setdefault(stream, []).append(Event(event.id, event.data, now, node))
        message = json.loads(event.data)
        if "method" not in message:
            if answered := self.session.requests.get(message.get("id")):
                answered.answers.append((now, message))
        elif message["method"] == "elicitation/create":
            yes = {"action": "accept", "content": {"confirmed": True}}
            self._begin(self._post_until_taken({"jsonrpc": "2.0", "id": message["id"], "result": yes}))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def read_slowly(self) -> None:
        """Calls a countdown that never ends, and reads 1 kB of it each second, for ever. It is no part of the ledger,
        and the balancer has no part in it: what that would hold back is not on the node."""
        port = self.choice.choice(self._balancer.backends).port
        message = _message("slow", "tools/call", "countdown", {"from": 100_000, "interval_ms": 0})
        exchange = await Exchange.start(port, "POST", "/mcp", self._headers(), json.dumps(message), HEAD_PATIENCE,
                                        window_bytes=4096)
        try:
            while True:
                await exchange.some(1000)
                await asyncio.sleep(1)
        finally:
            exchange.close()

    # One exchange.

    async def _send(self, method: str, message: dict[str, Any] | None,
                    more: dict[str, str] | None = None) -> Exchange | None:
        """None: try again; the pause that this takes is over."""
        body = json.dumps(message) if message else ""
        try:
            exchange = await Exchange.start(self._balancer.port, method, "/mcp", self._headers() | (more or {}), body,
                                            HEAD_PATIENCE)
        except Cut:
            self._count(f"{method} cut")
            await asyncio.sleep(0.1)
            return None
        self._count(f"{method} {exchange.status}")
        if exchange.status < 300:
            return exchange
        await self._take_refusal(method, exchange)
        return None

    def _headers(self) -> dict[str, str]:
        always = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        if not self.session.id:
            return always
        return always | {"Mcp-Session-Id": self.session.id, "MCP-Protocol-Version": "2025-11-25"}

    async def _take_refusal(self, method: str, exchange: Exchange) -> None:
        try:
            why = await exchange.body(HEAD_PATIENCE)
        except Cut as cut:
            why = str(cut)
        node = self._balancer.node_of(exchange.local_port())
        exchange.close()
        if len(self._ledger.refusals) < REFUSALS_MAX:
            told = f"{time.monotonic():.3f} {node} {self.session.id} {method} {exchange.status} {why}"
            self._ledger.refusals.append(told)
        if exchange.status in (404, 410):
            self.session.lost_session = why
            raise SessionLost(why)
        await asyncio.sleep(float(exchange.headers.get("retry-after", 0.2)) * self.choice.uniform(1, 1.3))

    def _count(self, what: str) -> None:
        self._ledger.statuses[what] = self._ledger.statuses.get(what, 0) + 1
