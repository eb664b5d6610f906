"""HTTP/1.1 and server-sent events over bare sockets: every byte that arrives counts, and a cut is seen as a cut."""

import asyncio
import dataclasses
import socket


READ_AHEAD = 16 * 1024  # bytes; a client that reads slowly must be slow on the wire, too


class Cut(Exception):
    """The connection ended before the answer did, or said nothing for too long."""


@dataclasses.dataclass
class SseEvent:
    id: str
    data: str


class SseParser:
    """An event that the end of the stream cuts off is never reported."""

    def __init__(self) -> None:
        self.retry = 1.0
        self._line = b""
        self._id, self._data = "", []  # type: tuple[str, list[str]]
        self._has_data = False

    def feed(self, data: bytes) -> list[SseEvent]:
        *lines, self._line = (self._line + data).split(b"\n")
        return [event for line in lines if (event := self._take(line.rstrip(b"\r").decode()))]

    def _take(self, line: str) -> SseEvent | None:
        if not line:
            event = SseEvent(self._id, "\n".join(self._data)) if self._has_data else None
            self._data, self._has_data = [], False
            return event
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            self._id = value
        elif name == "data":
            self._data.append(value)
            self._has_data = True
        elif name == "retry":
            self.retry = int(value) / 1000
        return None


class Exchange:
    """One request on one connection, and its answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader, self._writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}

    @classmethod
    async def start(cls, port: int, method: str, path: str, headers: dict[str, str], body: str, patience: float,
                    window_bytes: int = 0) -> "Exchange":
        """Raises Cut when no head of an answer comes within `patience` seconds. `window_bytes`: how much the kernel may
        take that we have not read; 0: as much as it likes."""
        connection = socket.socket()
        if window_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
            reader, writer = await asyncio.open_connection(sock=connection, limit=READ_AHEAD)
        except OSError as refused:
            connection.close()
            raise Cut(str(refused)) from refused
        self = cls(reader, writer)
        try:
            await asyncio.wait_for(self._begin(method, path, headers, body.encode()), patience)
        except (OSError, EOFError, ValueError, asyncio.TimeoutError) as gone:
            self.close()
            raise Cut(repr(gone)) from gone
        except BaseException:
            self.close()
            raise
        return self

    async def _begin(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Length: {len(body)}",
                 *(f"{name}: {value}" for name, value in headers.items())]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.status = int(head[0].split()[1])
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()

    def streams(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/event-stream")

    async def body(self, patience: float) -> str:
        """The whole body; Cut if it is not whole."""
        try:
            return await asyncio.wait_for(self._body(), patience)
        except (OSError, EOFError, asyncio.TimeoutError) as gone:
            raise Cut(repr(gone)) from gone

    async def _body(self) -> str:
        if "chunked" in self.headers.get("transfer-encoding", ""):
            pieces = b""
            while piece := await self._chunk():
                pieces += piece
            return pieces.decode()
        return (await self._reader.readexactly(int(self.headers.get("content-length", 0)))).decode()

    async def piece(self, patience: float) -> bytes:
        """The next bytes of a stream; empty at its end in good order. Of a piece that is cut, what came of it is given
        before the cut is."""
        try:
            return await asyncio.wait_for(self._chunk(), patience)
        except (OSError, EOFError, ValueError, asyncio.TimeoutError) as gone:
            raise Cut(repr(gone)) from gone

    async def _chunk(self) -> bytes:
        size = int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16)
        try:
            return (await self._reader.readexactly(size + 2))[:-2]
        except asyncio.IncompleteReadError as cut:
            if cut.partial:
                return cut.partial
            raise

    async def some(self, count: int) -> None:
        """Reads so many bytes, whatever they are."""
        await self._reader.readexactly(count)

    def local_port(self) -> int:
        return self._writer.get_extra_info("sockname")[1]

    def close(self) -> None:
        self._writer.close()
