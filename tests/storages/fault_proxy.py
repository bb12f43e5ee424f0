"""A TCP proxy before the object storage that fails in the ways networks and servers do."""

import socket
import struct
import threading
import time
from contextlib import suppress
from enum import Enum

BLOCK = 64 * 1024


def _answer(status: str, code: str) -> bytes:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>fault</Message></Error>"
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n{body}".encode()


BUSY = _answer("503 Service Unavailable", "SlowDown")
FULL = _answer("507 Insufficient Storage", "QuotaExceeded")


class Fault(Enum):
    """What the proxy does to each new connection."""

    NONE = "passes"
    BUSY = "answers 503"
    FULL = "answers 507"
    REFUSED = "closes at once"
    CUT_ANSWER = "cuts the answer after so many bytes"
    CUT_REQUEST = "cuts the request after so many bytes"
    SILENT = "never answers"
    SLOW = "answers late"


class FaultProxy:
    """Listens on loopback; `fault` may be changed at any time, `after` is for the cuts (bytes), `delay` for the slow
    (seconds)."""

    def __init__(self, target_port: int):
        self.target = ("127.0.0.1", target_port)
        self.fault, self.after, self.delay = Fault.NONE, 0, 0.3
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._closing.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.fault is Fault.REFUSED:
                return
            if self.fault in (Fault.BUSY, Fault.FULL):
                self._swallow(client)
                client.sendall(BUSY if self.fault is Fault.BUSY else FULL)
                return
            if self.fault is Fault.SILENT:
                self._closing.wait(30)
                return
            with socket.create_connection(self.target) as server:
                back = threading.Thread(target=self._pump, args=(server, client, Fault.CUT_ANSWER), daemon=True)
                back.start()
                self._pump(client, server, Fault.CUT_REQUEST)
                back.join(30)

    @staticmethod
    def _swallow(client: socket.socket) -> None:
        """Read what is sent until it pauses: who answers too early resets the connection instead."""
        client.settimeout(0.2)
        with suppress(TimeoutError):
            while client.recv(BLOCK):
                pass

    def _pump(self, source: socket.socket, sink: socket.socket, cut: Fault) -> None:
        """A connection that is kept alive meets a fault that begins later as well."""
        sent, reset = 0, ()
        with suppress(OSError):
            while data := source.recv(BLOCK):
                if self.fault in (Fault.REFUSED, Fault.BUSY, Fault.FULL):
                    reset = (source, sink)
                    break
                if self.fault is Fault.SILENT:
                    self._closing.wait(30)
                    break
                if self.fault is Fault.SLOW and cut is Fault.CUT_ANSWER:
                    time.sleep(self.delay)
                if self.fault is cut and sent + len(data) > self.after:
                    sink.sendall(data[: max(0, self.after - sent)])
                    # A reset drops what the other side has not taken yet: it is for who sends, else they would go on
                    # sending into nothing until they lose patience; who receives gets all of `after`, however slow.
                    reset = (source, sink) if cut is Fault.CUT_REQUEST else (source,)
                    break
                sink.sendall(data)
                sent += len(data)
        for end in (source, sink):
            with suppress(OSError):
                if end in reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
