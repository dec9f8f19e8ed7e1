"""A container engine for tests: answers on a Unix socket, in the shape of Docker's API 1.41."""
import http.server
import json
import socketserver
import threading

VERSION = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}


class Engine:
    """A context manager. `pages`: path without the version -> what becomes JSON, bytes as they
    are, (status, body), or a function that gets the handler. `requests`: all paths that came."""

    def __init__(self, path, chunked=True):
        self.path, self.pages, self.requests = path, {"/version": VERSION}, []
        self.ending = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.requests.append(self.path)
                path = self.path
                if path.startswith("/v1."):
                    path = "/" + path.split("/", 2)[2]
                page = outer.pages.get(path, (404, {"message": f"page not found: {path}"}))
                if callable(page):
                    return page(self)
                status, body = page if isinstance(page, tuple) else (200, page)
                return self.answer(status, body)

            def answer(self, status, body):
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                if chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    for at in range(0, len(body), 1000):
                        piece = body[at:at + 1000]
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    self.wfile.write(b"0\r\n\r\n")
                else:
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def address_string(self):
                return "local"

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass  # a client that goes away is what some tests are for

        self.server = Server(path, Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
