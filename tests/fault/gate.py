"""A TCP gate between nodes and what they depend on: it can delay, slice, reset and stall, and lose NATS messages."""

import asyncio
import random


TO_NODES = (b"PUB hydrant.node.", b"HPUB hydrant.node.")


class Gate:
    """All settings may change at any time; they hold for the bytes that come next."""

    def __init__(self, port: int, target: int, choice: random.Random):
        self.port, self.target, self.choice = port, target, choice
        self.delay = 0.0  # seconds, each way
        self.slice_bytes = 0  # 0: pieces as they come
        self.stalled_up = self.stalled_down = False  # a black hole in that direction; up: from the nodes
        self.lose = 0.0  # share of published messages that never arrive
        self.lost = 0
        self._sides: list[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    def stop(self) -> None:
        if self._server:
            self._server.close()
        for _ in range(len(self._sides)):
            self.reset_one()

    def reset_one(self) -> None:
        if self._sides:
            for side in self._sides.pop(self.choice.randrange(len(self._sides))):
                side.transport.abort()

    def be_normal(self) -> None:
        self.delay, self.slice_bytes, self.lose = 0.0, 0, 0.0
        self.stalled_up = self.stalled_down = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_target, to_target = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        sides = (writer, to_target)
        self._sides.append(sides)
        await asyncio.gather(self._pump(reader, to_target, upward=True), self._pump(from_target, writer, upward=False))
        if sides in self._sides:
            self._sides.remove(sides)

    # Readings go on while earlier ones are delayed, so that a delay costs time and not throughput.
    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, upward: bool) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=1000)
        writing = asyncio.create_task(self._write(queue, target))
        loss = LossyPublisher(self) if upward else None
        loop = asyncio.get_running_loop()
        try:
            while data := await source.read(65536):
                while self.stalled_up if upward else self.stalled_down:
                    await asyncio.sleep(0.02)
                if loss:
                    data = loss.pass_on(data)
                await queue.put((loop.time() + self.delay, data))
        except OSError:
            pass
        await queue.put((0.0, b""))
        await writing

    async def _write(self, queue: "asyncio.Queue[tuple[float, bytes]]", target: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await queue.get()
            if not due:
                return target.close()
            await asyncio.sleep(max(0.0, due - loop.time()))
            try:
                for piece in self._pieces(data):
                    target.write(piece)
                    await target.drain()
            except OSError:
                data = b""  # goes on to empty the queue

    def _pieces(self, data: bytes) -> list[bytes]:
        size = self.slice_bytes
        return [data[at:at + size] for at in range(0, len(data), size)] if size else [data]


class LossyPublisher:
    """Finds the messages in what a NATS client sends (PUB and HPUB) and loses some whole ones. The rest passes."""

    def __init__(self, gate: Gate):
        self._gate = gate
        self._rest = b""

    def pass_on(self, data: bytes) -> bytes:
        if not self._gate.lose and not self._rest:
            return data
        self._rest += data
        passed = b""
        while (frame := self._next_frame()) is not None:
            if frame.startswith(TO_NODES) and self._gate.choice.random() < self._gate.lose:
                self._gate.lost += 1
            else:
                passed += frame
        return passed

    def _next_frame(self) -> bytes | None:
        line, end, _ = self._rest.partition(b"\r\n")
        if not end:
            return None
        size = len(line) + 2
        if line.startswith((b"PUB ", b"HPUB ")):
            size += int(line.split()[-1]) + 2
        if len(self._rest) < size:
            return None
        frame, self._rest = self._rest[:size], self._rest[size:]
        return frame
