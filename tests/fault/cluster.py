"""The cluster under test: Redis, NATS, nodes and the balancer, on free ports of this machine, with data of its own."""

import asyncio
import pathlib
import random
import signal
import time

from balancer import Backend, Balancer
from gate import Gate
from ledger import Kill, Ledger
from processes import Process, free_ports
from resp import Redis, RedisError

NODES = 3
EXPELLED = 70  # how a node ends that the others took for dead

# What the test must see by the end of a row, nobody may have forgotten by then; and what is broken should show soon.
NODE_FLAGS = ["--drain-timeout", "3s", "--stream-finished-grace", "30m", "--session-streams-max", "1024",
              "--stream-keep-alive", "1s", "--stream-retry", "300ms"]


async def port_answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def until(condition, limit: float, what: str) -> None:
    end = time.monotonic() + limit
    while not await condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {limit} s")
        await asyncio.sleep(0.02)


class Cluster:
    """`gated`: which of redis and nats the nodes reach through gates, each node through its own."""

    def __init__(self, binary: pathlib.Path, folder: pathlib.Path, ledger: Ledger, choice: random.Random,
                 gated: str = ""):
        (folder / "redis").mkdir(parents=True, exist_ok=True)
        self.folder, self.ledger = folder, ledger
        redis_port, nats_port, front_port, *ports = free_ports(3 + 2 * NODES)
        node_ports, gate_ports = ports[:NODES], ports[NODES:]
        behind = {"redis": redis_port, "nats": nats_port, "": 0}[gated]
        self.gates = [Gate(port, behind, choice) for port in gate_ports if gated]
        self.redis_port, self.nats_port = redis_port, nats_port
        self.redis = Process("redis", ["redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--dir",
                                       str(folder / "redis"), "--appendonly", "yes", "--appendfsync", "always",
                                       "--save", "", "--maxmemory-policy", "noeviction"], folder / "redis.log")
        self.nats = Process("nats", ["nats-server", "--addr", "127.0.0.1", "--port", str(nats_port)],
                            folder / "nats.log")
        self.nodes: list[Process] = []
        for index, port in enumerate(node_ports):
            name = f"n{index + 1}"
            found_at = {"REDIS_URL": f"redis://127.0.0.1:{gate_ports[index] if gated == 'redis' else redis_port}",
                        "NATS_URL": f"nats://127.0.0.1:{gate_ports[index] if gated == 'nats' else nats_port}"}
            flags = ["--store", "redis", "--bus", "nats", "--node-id", name, "--port", str(port), *NODE_FLAGS]
            self.nodes.append(Process(name, [str(binary), "serve", *flags], folder / f"{name}.log", found_at))
        self.node_ports = node_ports
        self.balancer = Balancer(front_port, [Backend(node.name, port) for node, port in zip(self.nodes, node_ports)])
        self.store = Redis(redis_port)
        self._supervised: dict[str, bool] = {}
        self._supervisor: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.redis.start()
        self.nats.start()
        await until(lambda: port_answers(self.redis_port), 10, "redis")
        await until(lambda: port_answers(self.nats_port), 10, "nats")
        for gate in self.gates:
            await gate.start()
        for node in self.nodes:
            self.start_node(node)
        await self.balancer.start()
        await self.all_ready(20)
        self._supervisor = asyncio.create_task(self._supervise())

    async def all_ready(self, limit: float) -> None:
        async def ready() -> bool:
            return all(backend.ready for backend in self.balancer.backends)
        await until(ready, limit, "all nodes ready")

    def start_node(self, node: Process) -> None:
        node.start()
        self._supervised[node.name] = True

    # As whatever runs nodes in production does: a node that ends by itself is started again.
    async def _supervise(self) -> None:
        while True:
            for node in self.nodes:
                status = node.exit_status()
                if status is None or not self._supervised.get(node.name):
                    continue
                if status != EXPELLED:
                    self.ledger.mishaps.append(f"{node.name} ended with status {status}")
                self.start_node(node)
            await asyncio.sleep(0.05)

    async def calls_of(self, node: Process) -> list[tuple[str, int]]:
        """The calls that this process has in the store, but not what its name had before."""
        beats: list[tuple[int, str]] = []
        for process in await self.store.call("SMEMBERS", "{hydrant:nodes}:known"):
            if process.startswith(node.name + "/"):
                beat = await self.store.call("HGET", "{hydrant:nodes}:process:" + process, "beatAt")
                beats.append((int(beat or 0), process))
        if not beats:
            return []
        entries = await self.store.call("ZRANGE", "{hydrant:process:%s}:calls" % max(beats)[1], 0, -1)
        return [(session, int(request)) for _, session, request in (entry.split(" ", 2) for entry in entries)]

    async def kill_node(self, node: Process) -> None:
        """Stops it first, so that what it was doing when it died is known."""
        self._supervised[node.name] = False
        node.signal(signal.SIGSTOP)
        try:
            calls = await self.calls_of(node)
        except (OSError, RedisError):
            calls = []
        self.ledger.kills.append(Kill(node.name, time.monotonic(), calls))
        node.kill()

    async def terminate_node(self, node: Process, limit: float) -> None:
        """Asks it to stop, and waits until it has."""
        self._supervised[node.name] = False
        node.signal(signal.SIGTERM)

        async def gone() -> bool:
            return not node.runs()
        await until(gone, limit, f"{node.name} drained")
        if node.exit_status() != 0:
            self.ledger.mishaps.append(f"{node.name} drained with status {node.exit_status()}")

    def heal(self) -> None:
        """Everything runs again, in whatever order."""
        for gate in self.gates:
            gate.be_normal()
        for process in (self.redis, self.nats, *self.nodes):
            if process.stopped:
                process.signal(signal.SIGCONT)
        for service in (self.redis, self.nats):
            if not service.runs():
                service.start()
        for node in self.nodes:
            if not node.runs():
                self.start_node(node)

    async def stop(self) -> None:
        if self._supervisor:
            self._supervisor.cancel()
        await self.balancer.stop()
        self.store.close()
        for gate in self.gates:
            gate.stop()
        for process in (*self.nodes, self.nats, self.redis):
            process.kill()
