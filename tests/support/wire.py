"""A client that sends exactly the bytes it is given: what a library would refuse to send."""
import collections
import json
import socket
import ssl

Answer = collections.namedtuple("Answer", "status reason headers body")


def unverified(minimum=None, maximum=None):
    """A TLS context that takes any certificate, between two versions of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if minimum is not None:
        context.minimum_version = minimum
    if maximum is not None:
        context.maximum_version = maximum
    return context


class Wire:
    def __init__(self, port, timeout=15.0, context=None):
        raw = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        try:
            self.socket = (context or unverified()).wrap_socket(raw, server_hostname="localhost")
        except BaseException:
            raw.close()
            raise
        self.buffer = b""

    def send(self, data):
        """False when the other side has gone before all was taken."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError, BrokenPipeError):
            data = b""
        self.buffer += data
        return bool(data)

    def _until(self, mark):
        while mark not in self.buffer:
            if not self._more():
                raise AssertionError(f"the connection ended; so far {self.buffer[:300]!r}")
        part, self.buffer = self.buffer.split(mark, 1)
        return part

    def answer(self):
        """One answer, read strictly: status line, headers, Content-Length bytes."""
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, reason = lines[0].split(" ", 2)
        assert version in ("HTTP/1.1", "HTTP/1.0"), lines[0]
        assert reason, "the status line has no reason phrase"
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers.setdefault(name.lower(), []).append(value.strip())
        assert "transfer-encoding" not in headers, headers
        assert len(headers.get("content-length", [])) == 1, headers
        length = int(headers["content-length"][0])
        while len(self.buffer) < length:
            if not self._more():
                raise AssertionError(f"{len(self.buffer)} of {length} bytes of the body came")
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Answer(int(status), reason, headers, body)

    def rest(self):
        """All that still comes until the other side ends."""
        while self._more():
            pass
        return self.buffer

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def ask(port, data, **options):
    """One request on a connection of its own, and its answer."""
    with Wire(port, **options) as wire:
        wire.send(data)
        return wire.answer()


def document(answer):
    """The body, which must be JSON in valid UTF-8."""
    return json.loads(answer.body.decode("utf-8"))
