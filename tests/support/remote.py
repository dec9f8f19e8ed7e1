"""An HTTP(S) server and a proxy for tests of what the agent downloads, on ports of their own."""
import base64
import http.server
import os
import select
import socket
import ssl
import subprocess
import threading
import urllib.request

LIMIT = 30.0


def make_certificate(folder, address="127.0.0.1", name="server"):
    """(certificate, key): self-signed, for that address."""
    certificate, key = (os.path.join(folder, f"{name}.{kind}") for kind in ("pem", "key"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=IP:{address}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True, timeout=LIMIT)
    return certificate, key


class Server:
    """A context manager. `pages`: path with query -> bytes, or a function that gets the handler.
    `requests`: (path, headers) of all that came."""

    def __init__(self, certificate=None, key=None):
        self.pages, self.requests = {}, []
        self.ending = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = LIMIT

            def do_GET(self):
                outer.requests.append((self.path, self.headers))
                page = outer.pages.get(self.path)
                if callable(page):
                    return page(self)
                return self.answer(404 if page is None else 200, page or b"")

            def do_CONNECT(self):
                outer.requests.append((self.path, self.headers))
                page = outer.pages.get("CONNECT")
                if page is not None:
                    return page(self)
                return self.tunnel()

            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def tunnel(self):
                host, port = self.path.rsplit(":", 1)
                self.close_connection = True
                with socket.create_connection((host, int(port)), timeout=LIMIT) as there:
                    self.send_response_only(200, "Connection established")
                    self.end_headers()
                    pair = {self.connection: there, there: self.connection}
                    while ready := select.select(list(pair), [], [], LIMIT)[0]:
                        for one in ready:
                            data = one.recv(65536)
                            if not data:
                                return
                            pair[one].sendall(data)

            def forward(self):
                """As the proxy of a plain request."""
                with urllib.request.urlopen(self.path, timeout=LIMIT) as there:
                    self.answer(there.status, there.read())

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that goes away is what some tests are for

        self.server = Quiet(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
