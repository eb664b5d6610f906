"""Clients of three kinds: with a session, without one by bare requests, and of 2026-07-28. Each answers what it is
asked by one thread; an exchange may be watched and cut by another."""

import http.client
import itertools
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from http_stream import SseParser

ANSWER_SECONDS = 60
MODERN, SESSION_ERA = "2026-07-28", "2025-11-25"
ABOUT = {"name": "opensearch-tests", "version": "1"}
Message = dict[str, Any]


class Target(Protocol):
    """A server, or a balancer before some."""

    port: int


class RpcError(Exception):
    """A JSON-RPC error. `code` and `message` are its own."""

    def __init__(self, error: Message):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code, self.message = error["code"], error["message"]


class Exchange:
    """One POST on a connection of its own. Raises OSError if it is cut."""

    def __init__(self, port: int, path: str, headers: dict[str, str], message: Message, method: str = "POST"):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        body = json.dumps({"jsonrpc": "2.0", **message}).encode() if message else b""
        self._connection.request(method, path, body, headers)
        self._answer: http.client.HTTPResponse | None = None
        self._parser = SseParser()
        self.events: list[Message] = []

    @property
    def answer(self) -> http.client.HTTPResponse:
        """Its head; waits for it."""
        if self._answer is None:
            self._answer = self._connection.getresponse()
        return self._answer

    @property
    def status(self) -> int:
        return self.answer.status

    def header(self, name: str) -> str:
        return self.answer.headers.get(name, "")

    def messages(self) -> Iterator[Message]:
        """All that come, until the answer ends. They stay in `events`."""
        if not self.header("Content-Type").startswith("text/event-stream"):
            text = self.answer.read()
            if text:
                self.events.append(json.loads(text))
                yield self.events[-1]
            return
        while piece := self._read():
            for event in self._parser.feed(piece):
                if event.data:
                    self.events.append(json.loads(event.data))
                    yield self.events[-1]

    def _read(self) -> bytes:
        try:
            return self.answer.read1(65536)
        except http.client.HTTPException as cut:
            raise OSError(f"the answer was cut: {cut!r}") from cut

    def response(self) -> Message:
        """The response among what comes; reads no further."""
        for message in self.messages():
            if "method" not in message:
                return message
        raise OSError(f"no response came (status {self.status}), only {self.events!r:.500}")

    def cut(self) -> None:
        """As if the client had been killed."""
        if self._connection.sock:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self.close()

    def close(self) -> None:
        if self._answer:
            self._answer.close()
        self._connection.close()


def result_of(message: Message) -> Message:
    if "error" in message:
        raise RpcError(message["error"])
    return message["result"]


class Bare:
    """Posts requests without any handshake, as stateless servers allow. `authorization` goes with each."""

    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}

    def __init__(self, server: Target, path: str = "/mcp", authorization: str = ""):
        self.port, self.path = server.port, path
        self._ids = itertools.count(1)
        if authorization:
            self.headers = {**self.headers, "Authorization": authorization}

    def post(self, message: Message) -> Exchange:
        return Exchange(self.port, self.path, self._headers_for(message), message)

    def start(self, method: str, params: Message | None = None) -> tuple[int, Exchange]:
        """(id, exchange) of a request; its answer is not waited for."""
        number = next(self._ids)
        return number, self.post({"id": number, "method": method, "params": self._params(params or {})})

    def request(self, method: str, params: Message | None = None) -> Message:
        """Its result. Raises RpcError."""
        _, exchange = self.start(method, params)
        try:
            return result_of(exchange.response())
        finally:
            exchange.close()

    def tools(self) -> dict[str, Message]:
        """All of them by name, page after page."""
        found: dict[str, Message] = {}
        cursor: Message = {}
        for _ in range(20):
            page = self.request("tools/list", cursor)
            found |= {tool["name"]: tool for tool in page["tools"]}
            if "nextCursor" not in page:
                return found
            cursor = {"cursor": page["nextCursor"]}
        raise AssertionError("the list of tools has no end")

    def call(self, tool: str, **arguments: Any) -> Message:
        """The tool's result, which may be an error. Raises RpcError."""
        return self.request("tools/call", {"name": tool, "arguments": arguments})

    def start_call(self, tool: str, **arguments: Any) -> tuple[int, Exchange]:
        """With a token for progress, which is the text `progress`."""
        return self.start("tools/call", {"name": tool, "arguments": arguments, "_meta": {"progressToken": "progress"}})

    def _params(self, params: Message) -> Message:
        return params

    def _headers_for(self, _message: Message) -> dict[str, str]:
        return self.headers


class Modern(Bare):
    """2026-07-28: each request says who sends it. `capabilities` are the client's."""

    def __init__(self, server: Target, path: str = "/mcp", authorization: str = "",
                 capabilities: Message | None = None):
        super().__init__(server, path, authorization)
        self._capabilities = capabilities or {}

    def _params(self, params: Message) -> Message:
        prefix = "io.modelcontextprotocol/"
        meta = {prefix + "protocolVersion": MODERN, prefix + "clientInfo": ABOUT,
                prefix + "clientCapabilities": self._capabilities}
        return {**params, "_meta": {**params.get("_meta", {}), **meta}}

    def _headers_for(self, message: Message) -> dict[str, str]:
        headers = {**self.headers, "MCP-Protocol-Version": MODERN, "Mcp-Method": message["method"]}
        name = message["params"].get("name", message["params"].get("uri"))
        return {**headers, "Mcp-Name": name} if isinstance(name, str) else headers

    def call_asked(self, tool: str, answer: Message, **arguments: Any) -> tuple[list[str], Message]:
        """(questions, final result) of a call whose questions all get this answer: multi round trip."""
        params: Message = {"name": tool, "arguments": arguments}
        questions: list[str] = []
        result = self.request("tools/call", params)
        while result.get("resultType") == "input_required" and len(questions) < 10:
            asked = result["inputRequests"]
            questions += [one["params"]["message"] for one in asked.values()]
            params["inputResponses"] = {key: answer for key in asked}
            params["requestState"] = result["requestState"]
            result = self.request("tools/call", params)
        return questions, result


class Session(Bare):
    """2025-11-25 with a handshake and a session. `answer` replies to what the server asks within calls."""

    def __init__(self, server: Target, path: str = "/mcp", authorization: str = "",
                 answer: Callable[[Message], Message] | None = None):
        super().__init__(server, path, authorization)
        self._answer = answer
        self.questions: list[str] = []
        capabilities = {"elicitation": {}} if answer else {}
        exchange = self.post({"id": 0, "method": "initialize", "params": {
            "protocolVersion": SESSION_ERA, "capabilities": capabilities, "clientInfo": ABOUT}})
        self.greeting = result_of(exchange.response())
        self.headers = {**self.headers, "MCP-Protocol-Version": SESSION_ERA}
        if exchange.header("Mcp-Session-Id"):
            self.headers["Mcp-Session-Id"] = exchange.header("Mcp-Session-Id")
        exchange.close()
        self.notify("notifications/initialized")

    def notify(self, method: str, params: Message | None = None) -> None:
        exchange = self.post({"method": method, "params": params or {}})
        if exchange.status != 202:
            raise AssertionError(f"{method}: status {exchange.status}")
        exchange.close()

    def request(self, method: str, params: Message | None = None) -> Message:
        _, exchange = self.start(method, params)
        try:
            for message in exchange.messages():
                if "method" not in message:
                    return result_of(message)
                if "id" in message and self._answer:
                    self.questions.append(message["params"]["message"])
                    self.post({"id": message["id"], "result": self._answer(message)}).close()
        finally:
            exchange.close()
        raise OSError(f"no response to {method}: status {exchange.status}, {exchange.events!r:.300}")


def text_of(result: Message) -> str:
    return "".join(part.get("text", "") for part in result["content"])
