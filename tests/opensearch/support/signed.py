"""A proxy that lets through what is signed as AWS wants it (Signature Version 4), and refuses the rest with 403, as AWS
does. The verification is written from AWS' description alone, and shares nothing with the signer under test."""

import contextlib
import hashlib
import hmac
import http.client
import http.server
import re
import threading
import urllib.parse
from typing import Any

AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                           r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$")


class Wrong(Exception):
    """Why a request is not let through."""


class Verifier:
    """Knows one key. `service` is es or aoss."""

    def __init__(self, key_id: str, secret: str, region: str, service: str, token: str = ""):
        self._key_id, self._secret, self._region, self._service, self._token = key_id, secret, region, service, token

    def check(self, method: str, target: str, headers: Any, body: bytes) -> None:
        """`headers` has all values of a name by get_all. Raises Wrong."""
        found = AUTHORIZATION.match(headers.get("Authorization", ""))
        if not found:
            raise Wrong("no signature")
        key_id, day, region, service, names, signature = found.groups()
        if (key_id, region, service) != (self._key_id, self._region, self._service):
            raise Wrong("the scope is another one")
        stamp = headers.get("X-Amz-Date", "")
        if not stamp.startswith(day + "T"):
            raise Wrong("the day is another one")
        signed = names.split(";")
        if signed != sorted(signed) or not {"host", "x-amz-date"} <= set(signed):
            raise Wrong("host and date must be signed")
        if self._token and ("x-amz-security-token" not in signed or headers.get("X-Amz-Security-Token") != self._token):
            raise Wrong("the session's token is missing")
        if self._service == "aoss" and headers.get("X-Amz-Content-Sha256") != hashlib.sha256(body).hexdigest():
            raise Wrong("serverless wants the hash of the body")
        scope = f"{day}/{region}/{service}/aws4_request"
        asked = hashlib.sha256(_canonical(method, target, headers, signed, body).encode()).hexdigest()
        expected = self._sign(day, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{asked}")
        if not hmac.compare_digest(expected, signature):
            raise Wrong("the signature does not match")

    def _sign(self, day: str, text: str) -> str:
        key = f"AWS4{self._secret}".encode()
        for part in (day, self._region, self._service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.new(key, text.encode(), "sha256").hexdigest()


def _encoded(text: str) -> str:
    return urllib.parse.quote(text, safe="-_.~")


def _normal(path: str) -> str:
    """Without empty segments and dots; a slash at the end stays."""
    taken: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del taken[-1:]
        elif segment not in ("", "."):
            taken.append(segment)
    ends = "/" if taken and path.endswith("/") else ""
    return "/" + "/".join(taken) + ends


def _canonical(method: str, target: str, headers: Any, signed: list[str], body: bytes) -> str:
    path, _, query = target.partition("?")
    # What is on the wire is encoded once already; for all services but S3 each segment is encoded once more.
    uri = "/".join(_encoded(segment) for segment in _normal(path).split("/"))
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    # Percent-encoding of the wire may leave commas and stars as they are; the canonical one does not.
    decoded = [(urllib.parse.unquote(name), urllib.parse.unquote(value)) for name, _, value in pairs]
    parameters = "&".join(f"{name}={value}" for name, value in sorted((_encoded(n), _encoded(v)) for n, v in decoded))
    lines = "".join(f"{name}:{','.join(' '.join(value.split()) for value in headers.get_all(name) or [])}\n"
                    for name in signed)
    return "\n".join((method, uri, parameters, lines, ";".join(signed), hashlib.sha256(body).hexdigest()))


class SigningProxy:
    """A context manager before a plain server at `port`. `refused` holds why, one text for each refusal."""

    def __init__(self, verifier: Verifier, port: int):
        self.passed: list[str] = []
        self.refused: list[str] = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, verifier, port))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "SigningProxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(proxy: SigningProxy, verifier: Verifier, port: int) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                verifier.check(self.command, self.path, self.headers, body)
            except Wrong as why:
                proxy.refused.append(f"{self.command} {self.path}: {why}")
                self.reply(403, "application/json", b'{"message":"The request signature we calculated does not match"}')
                return
            proxy.passed.append(f"{self.command} {self.path}")
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as onward:
                kind = self.headers.get("Content-Type", "application/json")
                onward.request(self.command, self.path, body, {"Content-Type": kind})
                answer = onward.getresponse()
                self.reply(answer.status, answer.headers.get("Content-Type", "text/plain"), answer.read())

        def reply(self, status: int, kind: str, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):  # a node that stops breaks off its look at the cluster
                self.close_connection = True

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any

    return Handler
