"""The balancer of the fault suite: round robin over the nodes that say that they are ready, a node for each connection.

It behaves as deploy/haproxy.cfg has HAProxy behave: a connection that a node refuses goes to another node, and nothing
is ever repeated. On top of that it knows who served whom, and cuts connections wherever the test wants.
"""

import asyncio
import dataclasses
import itertools
import random

CHECK_PAUSE = 0.2
CHECK_LIMIT = 1.0
QUEUE_LIMIT = 5.0  # seconds that a connection waits for a node that is ready


@dataclasses.dataclass
class Backend:
    name: str
    port: int
    ready: bool = False
    late_checks: int = 0  # in a row


class Connection:
    """A client's connection, and the one to the node that serves it."""

    def __init__(self, client: asyncio.StreamWriter):
        self.client = client
        self.node: asyncio.StreamWriter | None = None
        self.backend: Backend | None = None
        self.budget: int | None = None  # bytes to the client before it is cut

    def cut(self) -> None:
        for side in (self.client, self.node):
            if side:
                side.transport.abort()

    def close(self) -> None:
        """Lets what is written go first, unless it is to be cut."""
        if self.budget is not None:
            return self.cut()
        for side in (self.client, self.node):
            if side:
                side.close()


class Balancer:
    def __init__(self, port: int, backends: list[Backend]):
        self.port, self.backends = port, backends
        self.connections: set[Connection] = set()
        self.cuts = 0
        self._served: dict[int, str] = {}  # by the client's port
        self._turns = itertools.count()
        self._tasks: list[asyncio.Task[None]] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512)
        self._tasks = [asyncio.create_task(self._check(backend)) for backend in self.backends]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._server:
            self._server.close()
        for connection in list(self.connections):
            connection.cut()

    def node_of(self, client_port: int) -> str:
        return self._served.get(client_port, "")

    def cut_one_within(self, choice: random.Random, bytes_max: int) -> None:
        """Some open connection will be cut after so many more bytes, at most."""
        whole = sorted((c for c in self.connections if c.budget is None and c.backend),
                       key=lambda c: c.client.get_extra_info("peername")[1])
        if whole:
            choice.choice(whole).budget = choice.randrange(bytes_max)
            self.cuts += 1

    # A node that says nothing at all is taken for dead, and so are its connections; one that answers 503 drains, and
    # keeps those that it has.
    async def _check(self, backend: Backend) -> None:
        while True:
            try:
                status = await asyncio.wait_for(self._ask(backend.port), CHECK_LIMIT)
                backend.ready, backend.late_checks = status == 200, 0
            except asyncio.TimeoutError:
                backend.ready = False
                backend.late_checks += 1
                if backend.late_checks == 2:
                    for connection in [c for c in self.connections if c.backend is backend]:
                        connection.cut()
            except (OSError, EOFError, ValueError):
                backend.ready = False
            await asyncio.sleep(CHECK_PAUSE)

    @staticmethod
    async def _ask(port: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return int((await reader.readuntil(b"\r\n")).split()[1])
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(writer)
        self.connections.add(connection)
        try:
            if opened := await self._connect(connection):
                upward = asyncio.create_task(self._pump_up(reader, opened[1], connection))
                await self._pump_down(opened[0], writer, connection)
                upward.cancel()
        except OSError:
            pass
        finally:
            self.connections.discard(connection)
            connection.close()

    async def _connect(self, connection: Connection) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + QUEUE_LIMIT
        while loop.time() < until:
            ready = [backend for backend in self.backends if backend.ready]
            for _ in ready:
                backend = ready[next(self._turns) % len(ready)]
                try:
                    opened = await asyncio.open_connection("127.0.0.1", backend.port)
                except OSError:
                    backend.ready = False
                    continue
                connection.backend, connection.node = backend, opened[1]
                self._served[connection.client.get_extra_info("peername")[1]] = backend.name
                return opened
            await asyncio.sleep(0.02)
        return None

    @staticmethod
    async def _pump_up(client: asyncio.StreamReader, node: asyncio.StreamWriter, connection: Connection) -> None:
        try:
            while data := await client.read(65536):
                node.write(data)
                await node.drain()
        except OSError:
            pass
        connection.cut()  # the client has left

    @staticmethod
    async def _pump_down(node: asyncio.StreamReader, client: asyncio.StreamWriter, connection: Connection) -> None:
        while data := await node.read(65536):
            if connection.budget is not None:
                data = data[:connection.budget]
                connection.budget -= len(data)
            client.write(data)
            await client.drain()
            if connection.budget == 0:
                return await asyncio.sleep(0.001)  # lets what was written go
