"""Plays systemd on a system bus of its own: a Unix socket that speaks as much D-Bus as a client that asks for units
needs (D-Bus Specification 0.41: authentication, marshalling; org.freedesktop.systemd1(5)).

`units` may be changed while it runs: {"cron.service": {"ActiveState": "active", ...}}. `misdeed` makes it
    mute       accept connections and say nothing
    silent     greet, and answer no question
    refuse     answer each question with AccessDenied
    hang up    close the connection at the first question
    bytes      send texts that are no UTF-8
    garbage    send bytes that are no message
    types      send numbers where texts should be
    dead       be a bus without systemd
and the units in `vanished` are listed, but are gone when they are asked about.
"""
import os
import re
import socket
import struct
import threading

UNIT = "org.freedesktop.systemd1.Unit"
ROOT = "/org/freedesktop/systemd1/unit/"
DEFAULTS = {"Description": "A unit", "LoadState": "loaded", "ActiveState": "active", "SubState": "running",
            "UnitFileState": "enabled", "UnitFilePreset": "enabled", "MainPID": 0,
            "TasksCurrent": 2 ** 64 - 1}
MISSING = {**DEFAULTS, "LoadState": "not-found", "ActiveState": "inactive", "SubState": "dead",
           "UnitFileState": "", "UnitFilePreset": ""}
METHOD_RETURN, ERROR = 2, 3
REPLY_SERIAL, ERROR_NAME, SENDER, SIGNATURE = 5, 4, 7, 8


def to_path(unit):
    return ROOT + "".join(c if re.match("[A-Za-z0-9]", c) else f"_{ord(c):02x}" for c in unit)


def to_unit(path):
    return re.sub("_([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), path.removeprefix(ROOT))


class Writer:
    """Marshals in little endian."""

    def __init__(self):
        self.data = bytearray()

    def align(self, size):
        self.data += bytes(-len(self.data) % size)
        return self

    def u32(self, number):
        self.align(4).data += struct.pack("<I", number)
        return self

    def u64(self, number):
        self.align(8).data += struct.pack("<Q", number)
        return self

    def text(self, text):
        raw = text if isinstance(text, bytes) else text.encode()
        self.u32(len(raw)).data += raw + b"\0"
        return self

    def signature(self, text):
        self.data += bytes([len(text)]) + text.encode() + b"\0"
        return self


class Reader:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def align(self, size):
        self.at += -self.at % size

    def u32(self):
        self.align(4)
        self.at += 4
        return struct.unpack_from("<I", self.data, self.at - 4)[0]

    def text(self):
        size = self.u32()
        self.at += size + 1
        return self.data[self.at - size - 1:self.at - 1].decode()

    def signature(self):
        size = self.data[self.at]
        self.at += size + 2
        return self.data[self.at - size - 1:self.at - 1].decode()


def message(kind, serial, fields, body):
    head = Writer()
    head.data += bytes((ord("l"), kind, 1, 1))
    head.u32(len(body)).u32(serial)
    listed = Writer()
    for code, signature, value in fields:
        listed.align(8).data += bytes([code])
        listed.signature(signature)
        {"u": listed.u32, "s": listed.text, "g": listed.signature}[signature](value)
    head.u32(len(listed.data))
    head.data += listed.data
    head.align(8)
    return bytes(head.data) + bytes(body)


class Client(threading.Thread):
    def __init__(self, server, connection, is_mute):
        super().__init__(daemon=True)
        self.is_mute = is_mute
        self.server, self.connection, self.buffer, self.serial = server, connection, b"", 0

    def take(self, size):
        while len(self.buffer) < size:
            more = self.connection.recv(65536)
            if not more:
                raise ConnectionError
            self.buffer += more
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def line(self):
        while b"\r\n" not in self.buffer:
            more = self.connection.recv(4096)
            if not more:
                raise ConnectionError
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.lstrip(b"\0")

    def run(self):
        try:
            if self.is_mute:
                self.take(1 << 30)
            self.authenticate()
            while True:
                self.answer(*self.read())
        except OSError:
            pass
        finally:
            self.connection.close()

    def authenticate(self):
        guid = b"0123456789abcdef0123456789abcdef"
        while (line := self.line()) != b"BEGIN":
            if line == b"AUTH EXTERNAL":
                self.connection.sendall(b"DATA\r\n")
            elif line.startswith((b"AUTH EXTERNAL ", b"DATA")):
                self.connection.sendall(b"OK " + guid + b"\r\n")
            elif line == b"NEGOTIATE_UNIX_FD":
                self.connection.sendall(b"AGREE_UNIX_FD\r\n")
            else:
                self.connection.sendall(b"ERROR\r\n")

    def read(self):
        """(serial, path, interface, member, body)"""
        head = self.take(16)
        body_size, serial, fields_size = struct.unpack_from("<III", head, 4)
        rest = self.take(fields_size + -fields_size % 8 + body_size)
        reader = Reader(head + rest, 16)
        fields = {}
        while reader.at < 16 + fields_size:
            reader.align(8)
            code = reader.data[reader.at]
            reader.at += 1
            signature = reader.signature()
            fields[code] = (reader.signature() if signature == "g" else
                            reader.u32() if signature == "u" else reader.text())
        return serial, fields.get(1), fields.get(2), fields.get(3), rest[len(rest) - body_size:]

    def send(self, kind, serial, signature, body, *fields):
        self.serial += 1
        fields = ((REPLY_SERIAL, "u", serial), (SENDER, "s", ":1.0"), (SIGNATURE, "g", signature)) + fields
        self.connection.sendall(message(kind, self.serial, fields, body.data))

    def error(self, serial, name, text):
        self.send(ERROR, serial, "s", Writer().text(text), (ERROR_NAME, "s", name))

    def answer(self, serial, path, _, member, body):
        misdeed = self.server.misdeed
        if member == "Hello":
            return self.send(METHOD_RETURN, serial, "s", Writer().text(":1.7"))
        self.server.questions.append((member, path))
        if misdeed == "silent":
            return None
        if misdeed == "hang up":
            raise ConnectionError
        if misdeed == "garbage":
            return self.connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 40)
        if misdeed == "refuse":
            return self.error(serial, "org.freedesktop.DBus.Error.AccessDenied", "Go away")
        if misdeed == "dead":
            return self.error(serial, "org.freedesktop.DBus.Error.ServiceUnknown",
                              "The name org.freedesktop.systemd1 was not provided by any .service files")
        if misdeed == "types":
            return self.send(METHOD_RETURN, serial, "u", Writer().u32(7))
        if member == "ListUnits":
            return self.list_units(serial)
        return self.property(serial, to_unit(path), Reader(body))

    def list_units(self, serial):
        body = Writer().u32(0)
        body.align(8)
        begin = len(body.data)
        for name, fields in list(self.server.units.items()):
            unit = {**DEFAULTS, **fields}
            body.align(8)
            description = b"\xff\xfe" if self.server.misdeed == "bytes" else unit["Description"]
            for text in (name, description, unit["LoadState"], unit["ActiveState"], unit["SubState"], "",
                         to_path(name)):
                body.text(text)
            body.u32(0).text("").text("/")
        struct.pack_into("<I", body.data, 0, len(body.data) - begin)
        self.send(METHOD_RETURN, serial, "a(ssssssouso)", body)

    def property(self, serial, name, reader):
        if name in self.server.vanished:
            return self.error(serial, "org.freedesktop.DBus.Error.UnknownObject", "Unknown object")
        _, member = reader.text(), reader.text()
        fields = {**DEFAULTS, **self.server.units[name]} if name in self.server.units else MISSING
        value = fields.get(member)
        if value is None:
            return self.error(serial, "org.freedesktop.DBus.Error.UnknownProperty", "Unknown property")
        body = Writer()
        if isinstance(value, str):
            body.signature("s").text(b"\xff\xfe" if self.server.misdeed == "bytes" else value)
        elif member == "MainPID":
            body.signature("u").u32(value)
        else:
            body.signature("t").u64(value)
        return self.send(METHOD_RETURN, serial, "v", body)


class FakeSystemd:
    """A context manager; `address` is what D-Bus clients connect to."""

    def __init__(self, folder, units=None):
        self.path = os.path.join(folder, "bus")
        self.address = "unix:path=" + self.path
        self.units = dict(units or {})
        self.vanished, self.misdeed, self.questions, self.accepted = set(), "", [], 0

    def __enter__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.path)
        self.socket.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            Client(self, connection, self.misdeed == "mute").start()
            self.accepted += 1

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)
