"""A pipe before a server: what comes at another address is passed on, byte for byte."""

import socket
import socketserver
import threading


class Pipe:
    """A context manager; listens on `address`, at `port`."""

    def __init__(self, address: str, to_port: int):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with socket.create_connection(("127.0.0.1", to_port)) as other:
                    back = threading.Thread(target=_pump, args=(other, self.request), daemon=True)
                    back.start()
                    _pump(self.request, other)
                    back.join(5)

        self._server = socketserver.ThreadingTCPServer((address, 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def __enter__(self) -> "Pipe":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of the two has gone, and the other will notice
