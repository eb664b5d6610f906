"""A program that speaks MCP over its standard input and output, one message a line, as Claude Desktop drives it."""

import json
import pathlib
import queue
import subprocess
import threading
from typing import Any

Message = dict[str, Any]
ANSWER_SECONDS = 60
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "claude-ai", "version": "0.1.0"}}


class StdioClient:
    """A context manager. `log` is what the program wrote besides."""

    def __init__(self, command: list[str], environment: dict[str, str], log: pathlib.Path):
        self._command, self._environment, self.log = command, environment, log
        self._messages: queue.Queue[Message | None] = queue.Queue()
        self._ids = 0

    def __enter__(self) -> "StdioClient":
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                           env=self._environment)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._child.stdin and self._child.stdout
        self._child.stdin.close()
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join(5)
        self._child.stdout.close()

    def _read(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            if line.strip():
                self._messages.put(json.loads(line))
        self._messages.put(None)

    def _send(self, message: Message) -> None:
        assert self._child.stdin
        self._child.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._child.stdin.flush()

    def request(self, method: str, params: Message) -> Message:
        """Its result. What else comes meanwhile is passed over."""
        self._ids += 1
        self._send({"id": self._ids, "method": method, "params": params})
        while (message := self._messages.get(timeout=ANSWER_SECONDS)) is not None:
            if message.get("id") == self._ids and "method" not in message:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                return message["result"]
        raise AssertionError(f"the program has ended: {self.log.read_text(errors='replace')[-2000:]}")

    def initialize(self) -> Message:
        greeting = self.request("initialize", HELLO)
        self._send({"method": "notifications/initialized"})
        return greeting
