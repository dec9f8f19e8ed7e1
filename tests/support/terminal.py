"""A program on a terminal of its own (a pty), and what a person would see on its screen.

Knows what line editors write: printable text, line ends, and the cursor and erase sequences of an
xterm (ECMA-48). A sequence that it does not know fails the test.
"""
import codecs
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading

from support.agent import SLACK, wait_for

SEQUENCE = re.compile(r"\x1b\[(\?)?([0-9;]*)([A-Za-z@])")
BEGUN = re.compile(r"\x1b(\[[?0-9;]*)?$")


class Screen:
    """All lines since the beginning; the window's height does not matter."""

    def __init__(self, columns):
        self.columns = columns
        self.lines = [[]]
        self.row = self.column = 0
        self.decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.rest = ""

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip("\n")

    def feed(self, data):
        text = self.rest + self.decoder.decode(data)
        begun = BEGUN.search(text)
        self.rest = begun.group() if begun else ""
        text = text[:len(text) - len(self.rest)]
        at = 0
        while at < len(text):
            sequence = SEQUENCE.match(text, at)
            if sequence:
                self.act(sequence)
                at = sequence.end()
            else:
                self.put(text[at])
                at += 1

    def down(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append([])

    def put(self, c):
        if c == "\r":
            self.column = 0
        elif c == "\n":
            self.down()
        elif c == "\b":
            self.column = max(0, min(self.column, self.columns) - 1)
        elif c == "\t":
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif c >= " ":
            if self.column == self.columns:  # the end of a full line waits for the next character
                self.column = 0
                self.down()
            line = self.lines[self.row]
            line += " " * (self.column + 1 - len(line))
            line[self.column] = c
            self.column += 1
        else:
            assert c == "\a", f"an unknown control character {c!r}"

    def act(self, sequence):
        number = int(sequence[2] or 0) if not sequence[2] or sequence[2].isdigit() else None
        line, kind = self.lines[self.row], sequence[3]
        if sequence[1] or kind in "hlm":
            return
        if kind == "A":
            self.row = max(0, self.row - (number or 1))
        elif kind == "C":
            self.column += number or 1
        elif kind == "D":
            self.column = max(0, self.column - (number or 1))
        elif kind == "G":
            self.column = (number or 1) - 1
        elif kind == "P":
            del line[self.column:self.column + (number or 1)]
        elif kind == "@":
            line[self.column:self.column] = " " * (number or 1)
        elif kind == "K" and not number:
            del line[self.column:]
        elif kind == "J" and not number:
            del line[self.column:], self.lines[self.row + 1:]
        else:
            raise AssertionError(f"an unknown sequence {sequence.group()!r}")


class Terminal:
    """Runs a program as the leader of a session on a pty: a context manager."""

    def __init__(self, command, environment, columns=80, kind="xterm"):
        self.master, self.slave = pty.openpty()
        self.resize(columns)
        self.mode = termios.tcgetattr(self.slave)
        self.screen = Screen(columns)
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            env={**environment, "TERM": kind}, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:  # nobody has the other end any more
                return
            with self.lock:
                self.screen.feed(data)

    def resize(self, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text.encode())

    def text(self):
        with self.lock:
            return self.screen.text()

    def last(self):
        return self.text().split("\n")[-1]

    def wait(self, pattern, limit=30.0):
        """Until the text of the screen has the pattern (a line that wraps is two)."""
        try:
            return wait_for(f"{pattern!r} on the screen", limit,
                            lambda: re.search(pattern, self.text(), re.MULTILINE))
        except AssertionError:
            print("--- screen\n" + self.text())
            raise

    def wait_last(self, line, limit=30.0):
        """Until the last line of the screen is this one."""
        try:
            return wait_for(f"the last line {line!r}", limit, lambda: self.last() == line)
        except AssertionError:
            print("--- screen\n" + self.text())
            raise

    def end(self, number=signal.SIGTERM, limit=10.0):
        self.process.send_signal(number)
        return self.process.wait(limit + SLACK)

    def is_edited(self):
        """Whether the program reads keys itself: until then the terminal shows what is typed."""
        return not termios.tcgetattr(self.slave)[3] & termios.ECHO

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.mode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        self.reader.join(SLACK)
        os.close(self.master)
