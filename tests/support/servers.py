"""Small servers for black-box tests of what asks over the network: each is a context manager with a
`port`, and keeps what it was sent in `seen`. A handler gets (server, connection) or (server, datagram)."""
import contextlib
import os
import socket
import ssl
import struct
import subprocess
import threading
import time

HANGS = 30.0  # of a server that never answers; the test ends it


class Tcp:
    """Runs `handler(server, connection)` in a thread for each connection."""

    def __init__(self, handler, context=None, family=socket.AF_INET):
        self.handler, self.context = handler, context
        self.seen = []
        self.ended = threading.Event()
        self.threads = []
        self.socket = socket.create_server(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0),
                                           family=family, backlog=200)
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        self._start(self._accept)
        return self

    def _start(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection):
        # The other side may go at any time.
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            connection.settimeout(HANGS)
            if self.context:
                with self.context.wrap_socket(connection, server_side=True) as inside:
                    self.handler(self, inside)
            else:
                self.handler(self, connection)

    def __exit__(self, *_):
        self.ended.set()
        # A thread that waits in accept() is not woken by close() alone.
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(timeout=5)


class Udp:
    """Sends back what `handler(server, datagram)` gives: datagrams, or nothing."""

    def __init__(self, handler):
        self.handler = handler
        self.seen = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.is_ended = False

    def __enter__(self):
        self.thread.start()
        return self

    def _serve(self):
        while not self.is_ended:
            datagram, place = self.socket.recvfrom(4096)
            if self.is_ended:
                return
            self.seen.append(datagram)
            for answer in self.handler(self, datagram) or ():
                self.socket.sendto(answer, place)

    def __exit__(self, *_):
        self.is_ended = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"end", ("127.0.0.1", self.port))
        self.thread.join(timeout=5)
        self.socket.close()


# ---- what servers do
def says(text):
    """Sends the text and waits for the other side to go."""
    def handler(_, connection):
        connection.sendall(text)
        connection.recv(4096)
    return handler


def closes(*_):
    pass


def hangs(server, _):
    server.ended.wait(HANGS)


def drips(text, pause=0.02):
    """One byte after the other, without an end."""
    def handler(server, connection):
        while not server.ended.is_set():
            for byte in text:
                connection.sendall(bytes([byte]))
                time.sleep(pause)
    return handler


def read_head(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(4096)
        if not more:
            break
        head += more
    head, _, body = head.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += connection.recv(4096)
    return head.decode("latin-1"), body


def web(pages):
    """An HTTP server; `pages`: path -> (status line, headers, body), or bytes to send as they are.
    What was asked is kept in `seen` as (head, body)."""
    def handler(server, connection):
        head, body = read_head(connection)
        server.seen.append((head, body))
        page = pages.get(head.split(" ")[1] if " " in head else "", ("404 Not Found", {}, b"none"))
        if isinstance(page, bytes):
            connection.sendall(page)
            return
        status, headers, content = page
        headers = {"Content-Length": len(content), **headers}
        lines = [f"HTTP/1.1 {status}"] + [f"{k}: {v}" for k, v in headers.items()]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
    return handler


def certificate(folder, name="localhost", days=10, issuer=None):
    """(server context, the file of the certificate), valid for so many days from now; -1: until
    yesterday."""
    key, cert = (os.path.join(folder, f"{name}-{days}.{kind}") for kind in ("key", "pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", key, "-out", cert, "-days", str(abs(days)), "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name}"],
                   check=True, capture_output=True, timeout=20)
    if days < 0:
        subprocess.run(["openssl", "x509", "-in", cert, "-signkey", key, "-days", str(days), "-out", cert + ".old"],
                       check=True, capture_output=True, timeout=20)
        os.replace(cert + ".old", cert)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


# ---- DNS
DNS_TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}


def dns_name(name):
    return b"".join(bytes([len(p)]) + p.encode() for p in name.split(".") if p) + b"\0"


def dns_data(kind, value):
    if kind in ("A", "AAAA"):
        return socket.inet_pton(socket.AF_INET if kind == "A" else socket.AF_INET6, value)
    if kind == "MX":
        number, name = value.split()
        return struct.pack(">H", int(number)) + dns_name(name)
    if kind == "TXT":
        return bytes([len(value)]) + value.encode()
    if kind == "SOA":
        words = value.split()
        return dns_name(words[0]) + dns_name(words[1]) + struct.pack(">5I", *map(int, words[2:]))
    return dns_name(value)


def dns_question(query):
    """(name, number of the type, bytes of the question)"""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels), struct.unpack(">H", query[at + 1:at + 3])[0], query[12:at + 5]


def dns(zone, code=0):
    """A DNS server; `zone`: (name, type) -> values, or a function of the query to a datagram."""
    def handler(_, query):
        name, number, question = dns_question(query)
        kind = next((k for k, n in DNS_TYPES.items() if n == number), "")
        found = zone.get((name.lower(), kind), [])
        if callable(found):
            return [found(query)]
        known = any(n == name.lower() for n, _ in zone)
        flags = 0x8180 | (code or (0 if known else 3))
        answer = query[:2] + struct.pack(">5H", flags, 1, len(found), 0, 0) + question
        for value in found:
            data = dns_data(kind, value)
            answer += struct.pack(">HHHIH", 0xC00C, number, 1, 60, len(data)) + data
        return [answer]
    return handler


# ---- NTP
NTP_EPOCH = 2208988800


def ntp(ahead=0.0, stratum=2, first=0x24):
    """An NTP server whose clock is `ahead` of ours by so many seconds."""
    def handler(_, request):
        now = time.time() + ahead + NTP_EPOCH
        moment = struct.pack(">Q", int(now * 2**32) & (2**64 - 1))
        return [struct.pack(">BBBb", first, stratum, 6, -20) + struct.pack(">II", 0x8000, 0x4000) +
                b"TEST" + moment + request[40:48] + moment + moment]
    return handler
