"""Protobuf's wire format by hand, so that a test knows only the numbers of the fields.

A message is a list of (number, value): bytes and text are length-delimited, an int is a varint,
a float a double, a list a message within. Source: protobuf.dev/programming-guides/encoding.
"""
import struct


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def encode(fields):
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        elif isinstance(value, float):
            out += varint(number << 3 | 1) + struct.pack("<d", value)
        else:
            if isinstance(value, list):
                value = encode(value)
            value = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def read_varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def decode(data):
    """{number: [value, ...]}: varints as int, doubles as float, all else as bytes."""
    fields, at = {}, 0
    while at < len(data):
        tag, at = read_varint(data, at)
        if tag & 7 == 0:
            value, at = read_varint(data, at)
        elif tag & 7 == 1:
            value, at = struct.unpack("<d", data[at:at + 8])[0], at + 8
        else:
            assert tag & 7 == 2, f"wire type {tag & 7}"
            length, at = read_varint(data, at)
            value, at = data[at:at + length], at + length
        fields.setdefault(tag >> 3, []).append(value)
    return fields
