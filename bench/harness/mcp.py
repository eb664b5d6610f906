"""Just enough of HTTP/1.1 and MCP to set the stage: handshakes, one echo, open event streams."""

import asyncio
import json

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

    async def post(self, message, headers):
        self.start_post(message, headers)
        return await asyncio.wait_for(self._read_answer(), ANSWER_SECONDS_MAX)

    async def open_post_stream(self, message, headers, until):
        """Posts, and reads of the event stream that follows as far as the words `until`."""
        self.start_post(message, headers)
        answer = await asyncio.wait_for(self._read_head(), ANSWER_SECONDS_MAX)
        if answer.status != 200 or not answer.is_stream():
            raise Refused(f"{message['method']}: status {answer.status}, not an event stream")
        await asyncio.wait_for(self._reader.readuntil(until.encode()), ANSWER_SECONDS_MAX)

    def start_post(self, message, headers):
        fixed = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        self._send("POST", ENDPOINT, {**fixed, **headers}, json.dumps(message, separators=(",", ":")).encode())

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
            await self._read_chunks(answer)
        else:
            answer.body = await self._reader.readexactly(int(answer.headers.get("content-length", 0)))
            answer.wire_bytes += len(answer.body)
        return answer

    async def _read_chunks(self, answer):
        while True:
            line = await self._reader.readline()
            size = int(line.split(b";")[0], 16)
            chunk = await self._reader.readexactly(size + 2)
            answer.wire_bytes += len(line) + len(chunk)
            if size == 0:
                return
            answer.body += chunk[:-2]


def expect(condition, what, answer):
    if not condition:
        raise Refused(f"{what}: status {answer.status}, {answer.text()[:200]!r}")
    return answer


def session_headers(session):
    return {"MCP-Protocol-Version": SESSION_ERA, "Mcp-Session-Id": session}


async def open_session(connection):
    """The handshake of 2025-11-25. Returns the session's id."""
    params = {"protocolVersion": SESSION_ERA, "capabilities": {}, "clientInfo": CLIENT}
    hello = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}
    answer = await connection.post(hello, {})
    expect(answer.status == 200 and "mcp-session-id" in answer.headers, "initialize", answer)
    session = answer.headers["mcp-session-id"]
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    answer = await connection.post(ready, session_headers(session))
    expect(answer.status == 202, "notifications/initialized", answer)
    return session


def echo_message(meta=None):
    params = {"name": "echo", "arguments": {"message": TEXT}}
    if meta:
        params["_meta"] = meta
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


async def modern_echo(connection):
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call", "Mcp-Name": "echo"}
    answer = await connection.post(echo_message(modern_meta()), headers)
    return expect(answer.status == 200 and TEXT in answer.text(), "tools/call", answer)


async def session_echo(connection, session):
    answer = await connection.post(echo_message(), session_headers(session))
    return expect(answer.status == 200 and TEXT in answer.text(), "tools/call", answer)


async def open_session_stream(connection):
    """Handshake and the GET that waits for whatever the server may push."""
    session = await open_session(connection)
    answer = await connection.get(ENDPOINT, {**session_headers(session), "Accept": "text/event-stream"})
    expect(answer.status == 200 and answer.is_stream(), "GET", answer)


async def open_listen_stream(connection):
    """subscriptions/listen of 2026-07-28, up to its acknowledgement."""
    params = {"notifications": {"toolsListChanged": True}, "_meta": modern_meta()}
    message = {"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": params}
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": "subscriptions/listen"}
    await connection.open_post_stream(message, headers, "notifications/subscriptions/acknowledged")
