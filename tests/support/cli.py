"""Runs the nscp command line for a black-box test: each test has a folder of its own for settings and
sockets, touches nothing outside it and leaves no process. Python's standard library alone.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import unittest

BIN = pathlib.Path(os.environ.get("NSCP_BIN_DIR", "build/bin")).resolve()
NSCP = BIN / "nscp"
# Every wait ends: a one-shot command, a service's start and its end.
COMMAND_LIMIT = 60
START_LIMIT = 60
STOP_LIMIT = 20


def installed(module):
    return (BIN / "modules" / f"{module}.json").exists()


class Running:
    """A service or a console in the background; its output is read all the time."""

    def __init__(self, arguments, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen(
            [NSCP, *arguments], stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1)
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.lines.append(None)
            self.changed.notify_all()

    def wait_for(self, pattern, limit=START_LIMIT):
        """The first line that matches; its absence at the end or the limit is an error."""
        def find():
            return next((l for l in self.lines if l is not None and re.search(pattern, l)), None)
        with self.changed:
            self.changed.wait_for(lambda: find() or None in self.lines, limit)
            line = find()
        if line is None:
            raise AssertionError(f"no line with {pattern!r} in:\n{self.text()}")
        return line

    def text(self):
        return "\n".join(l for l in self.lines if l is not None)

    def end(self, number):
        self.process.send_signal(number)
        code = self.process.wait(STOP_LIMIT)
        self.reader.join(STOP_LIMIT)
        self.process.stdout.close()
        return code

    def drop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        if self.process.stdin:
            self.process.stdin.close()


def descendants(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nscp-cli-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.ini = self.folder / "nsclient.ini"
        self.ini.write_text("")

    def common(self):
        words = ["--settings", str(self.ini)]
        for token, value in {
                "runtime-path": self.folder / "run", "certificate-path": self.folder / "security",
                "data-path": self.folder / "data", "log-path": self.folder / "log",
                "boot-conf": self.folder / "boot.ini", "module-path": BIN / "modules"}.items():
            words += ["--path-override", f"{token}={value}"]
        return words

    def run_raw(self, *words, text=True):
        return subprocess.run([NSCP, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=text, timeout=COMMAND_LIMIT, check=False)

    def nscp(self, context, *words, text=True):
        return self.run_raw(context, *self.common(), *words, text=text)

    def set(self, path, key, value):
        ran = self.nscp("settings", "--path", path, "--key", key, "--set", value)
        self.assertEqual(0, ran.returncode, ran.stderr + ran.stdout)

    def ini_lines(self):
        """The settings file without comments and blank lines."""
        return [l for l in self.ini.read_text().splitlines() if l and not l.startswith(";")]

    def show(self, path, key):
        return self.nscp("settings", "--show", "--path", path, "--key", key).stdout

    def start(self, context, *words, **more):
        running = Running([context, *self.common(), *words], **more)
        self.addCleanup(running.drop)
        return running

    def start_service(self, *words):
        service = self.start("service", "--run", *words)
        service.wait_for("Service started waiting for termination event...")
        return service
