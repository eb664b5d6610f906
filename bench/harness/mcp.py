"""Just enough of HTTP/1.1 and MCP to set the stage: handshakes, one echo, open event streams."""

import asyncio
import json

from harness.fault_suite import SseParser

TEXT = "hello, hydrant"
MODERN, SESSION_ERA = "2026-07-28", "2025-11-25"
ENDPOINT = "/mcp"
ANSWER_SECONDS_MAX = 30
CLIENT = {"name": "bench", "version": "1.0.0"}


class Refused(Exception):
    """The server answered something else than the protocol asks for."""


class Answer:
    def __init__(self, status, headers, body=b"", wire_bytes=0):
        self.status, self.headers, self.body, self.wire_bytes = status, headers, body, wire_bytes

    def is_stream(self):
        return self.headers.get("content-type", "").startswith("text/event-stream")

    def text(self):
        return self.body.decode()


def modern_meta():
    prefix = "io.modelcontextprotocol/"
    return {prefix + "protocolVersion": MODERN, prefix + "clientInfo": CLIENT, prefix + "clientCapabilities": {}}


class Connection:
    """One keep-alive connection, one request after the other."""

    @classmethod
    async def open(cls, port):
        self = cls()
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self._host = f"127.0.0.1:{port}"
        return self

    def close(self):
        self._writer.close()

    async def get(self, path, headers):
        """Sends, and reads the head only: the body is a stream that may never end."""
        self._send("GET", path, headers, b"")
        return await asyncio.wait_for(self._read_head(), ANSWER_SECONDS_MAX)

    async def events(self):
        """Those of a stream that is open. Ends with the stream; EOFError or OSError if it is cut."""
        parser = SseParser()
        while chunk := await self._read_chunk():
            for event in parser.feed(chunk):
                yield event

    async def post(self, message, headers, path=ENDPOINT):
        self.start_post(message, headers, path)
        return await asyncio.wait_for(self._read_answer(), ANSWER_SECONDS_MAX)

    async def open_post_stream(self, message, headers, until):
        """Posts, and reads of the event stream that follows as far as the words `until`."""
        self.start_post(message, headers)
        answer = await asyncio.wait_for(self._read_head(), ANSWER_SECONDS_MAX)
        if answer.status != 200 or not answer.is_stream():
            raise Refused(f"{message['method']}: status {answer.status}, not an event stream")
        await asyncio.wait_for(self._reader.readuntil(until.encode()), ANSWER_SECONDS_MAX)

    def start_post(self, message, headers, path=ENDPOINT):
        fixed = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        self._send("POST", path, {**fixed, **headers}, json.dumps(message, separators=(",", ":")).encode())

    def _send(self, method, path, headers, body):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}"] if body else []
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def _read_head(self):
        raw = await self._reader.readuntil(b"\r\n\r\n")
        first, *rest = raw.decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in rest if line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        return Answer(int(first.split()[1]), headers, wire_bytes=len(raw))

    async def _read_answer(self):
        answer = await self._read_head()
        if answer.headers.get("transfer-encoding", "").lower() == "chunked":
            while chunk := await self._read_chunk(answer):
                answer.body += chunk
        else:
            answer.body = await self._reader.readexactly(int(answer.headers.get("content-length", 0)))
            answer.wire_bytes += len(answer.body)
        return answer

    async def _read_chunk(self, answer=None):
        """Empty: the last. Counts its bytes for the answer."""
        line = await self._reader.readuntil(b"\r\n")
        chunk = await self._reader.readexactly(int(line.split(b";")[0], 16) + 2)
        if answer:
            answer.wire_bytes += len(line) + len(chunk)
        return chunk[:-2]


def expect(condition, what, answer):
    if not condition:
        raise Refused(f"{what}: status {answer.status}, {answer.text()[:200]!r}")
    return answer


def session_headers(session):
    return {"MCP-Protocol-Version": SESSION_ERA, "Mcp-Session-Id": session}


READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def hello_message(version):
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": CLIENT}
    return {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}


async def open_session(connection):
    """The handshake of 2025-11-25. Returns the session's id."""
    answer = await connection.post(hello_message(SESSION_ERA), {})
    expect(answer.status == 200 and "mcp-session-id" in answer.headers, "initialize", answer)
    session = answer.headers["mcp-session-id"]
    answer = await connection.post(READY, session_headers(session))
    expect(answer.status == 202, "notifications/initialized", answer)
    return session


def call_message(tool, arguments, meta=None, id=1):
    params = {"name": tool, "arguments": arguments}
    if meta:
        params["_meta"] = meta
    return {"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}


def echo_message(meta=None):
    return call_message("echo", {"message": TEXT}, meta)


async def modern_echo(connection):
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call", "Mcp-Name": "echo"}
    answer = await connection.post(echo_message(modern_meta()), headers)
    return expect(answer.status == 200 and TEXT in answer.text(), "tools/call", answer)


async def session_echo(connection, session):
    answer = await connection.post(echo_message(), session_headers(session))
    return expect(answer.status == 200 and TEXT in answer.text(), "tools/call", answer)


async def session_request(connection, session, message):
    answer = await connection.post(message, session_headers(session))
    return expect(answer.status == 200 and '"result"' in answer.text(), message["method"], answer)


async def subscribe(connection, session, uri):
    message = {"jsonrpc": "2.0", "id": 1, "method": "resources/subscribe", "params": {"uri": uri}}
    await session_request(connection, session, message)


async def open_stream(connection, session, cursor=None):
    """The GET that waits for whatever the server may push; with a cursor it goes on behind that event."""
    resumed = {"Last-Event-ID": cursor} if cursor else {}
    answer = await connection.get(ENDPOINT, {**session_headers(session), "Accept": "text/event-stream", **resumed})
    expect(answer.status == 200 and answer.is_stream(), "GET", answer)


async def open_session_stream(connection):
    """Handshake and stream."""
    await open_stream(connection, await open_session(connection))


async def open_listen_stream(connection):
    """subscriptions/listen of 2026-07-28, up to its acknowledgement."""
    params = {"notifications": {"toolsListChanged": True}, "_meta": modern_meta()}
    message = {"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": params}
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "subscriptions/listen"}
    await connection.open_post_stream(message, headers, "notifications/subscriptions/acknowledged")
