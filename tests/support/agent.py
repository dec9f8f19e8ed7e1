"""Starts a real agent for a black-box test, in a folder, with settings and on a port of its own.

Every test makes its own Agent (a context manager): nothing outside its folder is touched, and at
the end it asserts that no process of it is left. Python's standard library alone.
"""
import base64
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

BIN = os.path.abspath(os.environ.get("NSCP_BIN_DIR", "build/bin"))
TEST_PROGRAMS = os.path.join(os.path.dirname(BIN), "tests")
PASSWORD = "correct-horse"
# Slack on top of a promised time: the machine may be busy with other tests.
SLACK = 3.0
START_LIMIT = 30.0


def wait_for(what, limit, condition, pause=0.01):
    """Polls until condition() is true and gives its value; fails with `what` after `limit` s."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {limit} s")
        time.sleep(pause)


def sanitized(pid):
    """Whether the program is built with a sanitizer, whose memory says nothing of ours: it keeps
    what is freed, and the shadow of all that was ever touched."""
    with open(f"/proc/{pid}/exe", "rb") as f:
        return b"__asan_init" in f.read()


def fake_module(name="Fake", way="", queries=(), **fields):
    """The manifest of a fake_worker (tests/fakes) that starts in this `way`."""
    return {"program": os.path.join(TEST_PROGRAMS, "fake_worker"),
            "arguments": [name] + ([way] if way else []),
            "queries": [{"name": query} for query in queries], **fields}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def processes(folder):
    """{pid: command line} of living processes that were started for this folder."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/environ", "rb") as f:
                marked = f"NSCP_TEST_FOLDER={folder}".encode() in f.read().split(b"\0")
            with open(f"/proc/{name}/cmdline", "rb") as f:
                line = f.read().replace(b"\0", b" ").decode(errors="replace").strip()
            with open(f"/proc/{name}/stat", "rb") as f:
                state = f.read().rsplit(b")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if (marked or folder in line) and state != b"Z" and int(name) != os.getpid():
            found[int(name)] = line
    return found


class EventStream:
    """A client of a stream of server-sent events: a context manager."""

    def __init__(self, agent, path, headers=None, credentials="admin", timeout=30):
        headers = dict(headers or {})
        if credentials == "admin":
            headers["Authorization"] = agent.basic()
        self.connection = agent.connect(timeout)
        self.connection.request("GET", path, headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.last_id = None

    def block(self):
        """(type, data, comment) of what stands up to the next empty line; None at the end."""
        fields = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            if not line:
                return fields.get("event"), fields.get("data"), fields.get("")
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            if name == "id":
                self.last_id = fields[name]

    def event(self):
        """(type, document) of the next event; None at the end of the stream."""
        while (block := self.block()) is not None:
            if block[1] is not None:
                return block[0], json.loads(block[1])
        return None

    def close(self):
        self.response.close()
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Agent:
    # `ini`: further settings, as text or as bytes.
    def __init__(self, modules=("CheckHelpers",), ini="", manifests=None, web=True,
                 password=PASSWORD, arguments=(), port=None):
        self.folder = tempfile.mkdtemp(prefix="nscp-test-", dir="/tmp")
        self.ini = os.path.join(self.folder, "nsclient.ini")
        self.port = port or free_port()
        self.password = password
        self.process = None
        self.arguments = list(arguments)
        self.modules_folder = os.path.join(self.folder, "modules")
        self._copy_manifests(manifests or {})
        lines = ["[/modules]"]
        lines += [f"{m} = enabled" for m in (("WEBServer",) if web else ()) + tuple(modules)]
        lines += ["[/settings/default]", "allowed hosts = 127.0.0.1", f"password = {password}",
                  "[/settings/WEB/server]", f"port = {self.port}", "bind to = 127.0.0.1"]
        text = "\n".join(lines).encode() + b"\n"
        with open(self.ini, "wb") as f:
            f.write(text + (ini if isinstance(ini, bytes) else ini.encode()))

    def _copy_manifests(self, extra):
        """The built modules, and `extra`: name -> manifest fields, or the file's text."""
        os.mkdir(self.modules_folder, 0o755)
        built = os.path.join(BIN, "modules")
        for name in os.listdir(built):
            if name.endswith(".json"):
                with open(os.path.join(built, name), encoding="utf-8") as f:
                    manifest = json.load(f)
                manifest["program"] = os.path.join(built, manifest["program"])
                self.write_manifest(manifest["name"], manifest)
        for name, manifest in extra.items():
            self.write_manifest(name, manifest)

    def write_manifest(self, name, manifest):
        with open(os.path.join(self.modules_folder, name + ".json"), "w", encoding="utf-8") as f:
            if isinstance(manifest, str):
                f.write(manifest)
            else:
                fields = {"name": name, "contractMin": 1, "contractMax": 1, **manifest}
                fields["program"] = self._link(name, fields["program"])
                json.dump(fields, f)

    def _link(self, name, program):
        """A link in the folder: the worker's command line then tells whose it is."""
        if not os.path.isabs(program) or not os.path.exists(program):
            return program
        link = os.path.join(self.modules_folder, name + ".program")
        if os.path.lexists(link):
            os.remove(link)
        os.symlink(program, link)
        return link

    def options(self):
        options = ["--settings", self.ini]
        for token in ("certificate", "data", "log"):
            options += ["--path-override", f"{token}-path={self.folder}/{token}"]
        options += ["--path-override", f"shared-path={self.folder}"]
        return options + ["--path-override", f"module-path={self.modules_folder}",
                          "--path-override", f"runtime-path={self.folder}/run"]

    def environment(self):
        return {"PATH": os.environ["PATH"], "NSCP_TEST_FOLDER": self.folder,
                **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}

    def nscp(self, context, *arguments, stdin=subprocess.DEVNULL, timeout=60):
        """Runs one nscp command to its end."""
        return subprocess.run([os.path.join(BIN, "nscp"), context, *self.options(), *arguments],
                              stdin=stdin, capture_output=True, text=True, timeout=timeout,
                              env=self.environment(), check=False)

    def start(self, wait=True):
        self.log_file = open(os.path.join(self.folder, "console"), "wb")
        self.process = subprocess.Popen(
            [os.path.join(BIN, "nscp"), "service", *self.options(), "--log-backend", "console",
             *self.arguments, "--run"],
            stdin=subprocess.DEVNULL, stdout=self.log_file, stderr=subprocess.STDOUT,
            env=self.environment())
        if wait:
            wait_for("the agent to get ready", START_LIMIT, self.ready)
        return self

    def ready(self):
        assert self.process.poll() is None, f"the agent ended: {self.console()}"
        try:
            return self.get("/health/ready", credentials=None)[0] == 200
        except OSError:
            return False

    def console(self):
        with open(os.path.join(self.folder, "console"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def wait_log(self, text, limit=10.0):
        return wait_for(f"\"{text}\" in the log", limit, lambda: text in self.console())

    # ---- HTTP
    def connect(self, timeout=30, host="127.0.0.1"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(host, self.port, timeout=timeout, context=context)

    def basic(self, user="admin", password=None):
        pair = f"{user}:{self.password if password is None else password}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def request(self, method, path, body=None, headers=None, credentials="admin",
                connection=None, timeout=30):
        """(status, body text, headers with lower-case names)"""
        headers = dict(headers or {})
        if credentials == "admin":
            headers["Authorization"] = self.basic()
        c = connection or self.connect(timeout)
        try:
            c.request(method, path, body=body, headers=headers)
            response = c.getresponse()
            # Of a stream of events its first block: it has no end.
            streams = response.getheader("Content-Type") == "text/event-stream"
            text = response.readline() if streams else response.read()
            text = text.decode("utf-8", errors="surrogateescape")
            return (response.status, text,
                    {k.lower(): v for k, v in response.getheaders()})
        finally:
            if connection is None:
                c.close()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def listen(self, path, **options):
        return EventStream(self, path, **options)

    def check(self, command, *arguments, **options):
        """(result, message) of a check by /api/v2."""
        query = "&".join(arguments)
        status, body, _ = self.get(
            f"/api/v2/queries/{command}/commands/execute" + (f"?{query}" if query else ""),
            **options)
        assert status == 200, f"{command}: {status} {body}"
        answer = json.loads(body)
        return answer["result"], "".join(line["message"] for line in answer["lines"])

    def module(self, name):
        status, body, _ = self.get(f"/api/v2/modules/{name}?details=true")
        assert status == 200, f"{name}: {status} {body}"
        return json.loads(body)

    def pid_of(self, name):
        return int(self.module(name)["metadata"]["pid"])

    # ---- the end
    def stop(self, limit=10.0):
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=limit + SLACK)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            if self.process is not None and self.process.poll() is None:
                code = self.stop()
                if kind is None:
                    assert code == 0, f"the agent exited with {code}: {self.console()}"
            if kind is None:
                wait_for("all processes of the agent to be gone", SLACK,
                         lambda: not processes(self.folder))
        finally:
            for pid in processes(self.folder):
                os.kill(pid, signal.SIGKILL)
            if kind is not None and self.process is not None:
                print("--- console of the agent\n" + self.console()[-6000:])
            if self.process is not None:
                self.process.wait()
                self.log_file.close()
            shutil.rmtree(self.folder, ignore_errors=True)


WINDOWS = os.path.exists(os.path.join(BIN, "nscp.exe"))
if WINDOWS:
    from support.wine import WineAgent as Agent  # noqa: F811,E402  (it is made of the one above)
