"""As much of OpenSearch's HTTP as loading needs."""

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

CHUNK_BYTES = 2 << 20


class Refused(Exception):
    """An answer that is an error. `status` is HTTP's."""

    def __init__(self, status: int, text: str):
        super().__init__(f"{status}: {text[:300]}")
        self.status = status


class Server:
    """On this machine only: what is loaded replaces what is there."""

    def __init__(self, url: str, ca: str | None = None, user: str = "", password: str = ""):
        if urllib.parse.urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("only a server on this machine is loaded, as this deletes indices")
        self._url = url.rstrip("/")
        self._headers = {"Content-Type": "application/json"}
        if user:
            self._headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        # No proxy of the environment stands before this machine.
        handlers: list[Any] = [urllib.request.ProxyHandler({})]
        if ca:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
        self._opener = urllib.request.build_opener(*handlers)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """`body` is JSON, or bytes that are. Raises Refused, or OSError when it cannot be asked."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, self._headers, method=method)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode(errors="replace")) from None

    def delete(self, path: str) -> None:
        """What is not there is deleted already."""
        try:
            self.call("DELETE", path)
        except Refused as refused:
            if refused.status != 404:
                raise

    def bulk(self, lines: Iterable[bytes]) -> Iterator[int]:
        """Yields how many documents went with each chunk. Raises Refused if one of them was not taken."""
        for chunk, count in _chunks(lines):
            answer = self.call("POST", "/_bulk", chunk)
            if answer["errors"]:
                bad = next(item for entry in answer["items"] for item in entry.values() if "error" in item)
                raise Refused(bad["status"], json.dumps(bad["error"]))
            yield count


def action(kind: str, index: str, identity: str | None, document: dict[str, Any]) -> bytes:
    """Two lines of a bulk request. The same document is always the same bytes."""
    head = {kind: {"_index": index} | ({"_id": identity} if identity else {})}
    return (json.dumps(head) + "\n" + json.dumps(document, ensure_ascii=False) + "\n").encode()


def _chunks(lines: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    chunk, size = [], 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size >= CHUNK_BYTES:
            yield b"".join(chunk), len(chunk)
            chunk, size = [], 0
    if chunk:
        yield b"".join(chunk), len(chunk)
