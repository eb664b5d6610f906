"""As much of Redis' protocol as the test needs to look behind the scenes: what the store holds, who runs which call."""

import asyncio
from typing import Any


class RedisError(Exception):
    pass


class Redis:
    """One connection, made again when it is lost. One caller at a time."""

    def __init__(self, port: int):
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def call(self, *words: str | int, limit: float = 3) -> Any:
        """Raises RedisError when it refuses, OSError when it cannot be asked."""
        async with self._turn:
            try:
                return await asyncio.wait_for(self._call(words), limit)
            except (OSError, EOFError, asyncio.TimeoutError) as gone:
                self.close()
                raise ConnectionError(f"redis: {gone!r}") from gone

    async def _call(self, words: tuple[str | int, ...]) -> Any:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
        reader, writer = self._streams
        encoded = [str(word).encode() for word in words]
        writer.write(b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded))
        return await self._reply(reader)

    async def _reply(self, reader: asyncio.StreamReader) -> Any:
        line = await reader.readuntil(b"\r\n")
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"-":
            raise RedisError(rest)
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == "-1" else (await reader.readexactly(int(rest) + 2))[:-2].decode()
        if kind == b"*":
            return None if rest == "-1" else [await self._reply(reader) for _ in range(int(rest))]
        return rest

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None
