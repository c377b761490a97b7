# SPDX-License-Identifier: Apache-2.0
"""A wire tap: relays TCP byte for byte and notes each request head that went through.

It stands between ajar and a node, so that what really left ajar is judged, not what ajar
says about itself. It does not change, delay or answer anything.
"""

import selectors
import socket
import threading


class Tap:
    """listen(127.0.0.1, kernel's port) -> 127.0.0.1:target. Use with `with`."""

    def __init__(self, target):
        self.target = target
        self.connections = 0
        self.heads = []  # bytes of each request head, in order
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.stopping = False
        self.threads = []
        self.lock = threading.Lock()

    def __enter__(self):
        self.start_thread(self.accept)
        return self

    def __exit__(self, *_):
        self.stopping = True
        # shutdown, not close alone: it wakes the thread that waits in accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in list(self.threads):
            thread.join(5)

    def start_thread(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self):
        while not self.stopping:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.start_thread(self.relay, near)

    def relay(self, near):
        try:
            far = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            near.close()
            return
        sent = bytearray()
        other = {near: far, far: near}
        with selectors.DefaultSelector() as waiting, near, far:
            waiting.register(near, selectors.EVENT_READ)
            waiting.register(far, selectors.EVENT_READ)
            while len(waiting.get_map()) and not self.stopping:
                for key, _ in waiting.select(0.2):
                    self.pass_on(waiting, key.fileobj, other, near, sent)
        with self.lock:
            # ajar sends GETs without a body, so heads follow each other; anything else that
            # it sent would stand here as a head that is no GET.
            self.heads += [head for head in bytes(sent).split(b"\r\n\r\n") if head]

    @staticmethod
    def pass_on(waiting, source, other, near, sent):
        try:
            data = source.recv(65536)
            if source is near:
                sent += data
            if data:
                other[source].sendall(data)
                return
            other[source].shutdown(socket.SHUT_WR)
        except OSError:
            pass
        waiting.unregister(source)

    def wait_idle(self, seconds=5):
        """Waits until every relayed connection has ended, so that heads is whole."""
        for thread in list(self.threads)[1:]:
            thread.join(seconds)


def judge(heads, most):
    """What is wrong with the requests that were sent: a list of texts, empty when nothing."""
    wrong = []
    for head in heads:
        line, _, rest = head.partition(b"\r\n")
        if not line.startswith(b"GET /") or not line.endswith(b" HTTP/1.1"):
            wrong.append(f"not a GET: {line[:80]!r}")
        names = [field.partition(b":")[0].strip().lower() for field in rest.split(b"\r\n")]
        for name in (b"authorization", b"cookie", b"proxy-authorization", b"content-length",
                     b"transfer-encoding"):
            if name in names:
                wrong.append(f"sent {name.decode()}: {line[:80]!r}")
        if b"_search" in line or b"_doc" in line or b"_source" in line:
            wrong.append(f"asks for documents: {line[:80]!r}")
    if len(heads) > most:
        wrong.append(f"{len(heads)} requests, at most {most} allowed")
    return wrong
