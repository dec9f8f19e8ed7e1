"""Texts, performance data and results, as scripts and as the contract have them. Pure."""
import enum
import re

from nscp.v1 import check_pb2

MAX_RESULT = 4 * 1024 * 1024    # a larger one is cut, and says so
MAX_PERF = 1000                 # items that are read of one text
ITEM = re.compile(r"\s*(?:'((?:[^']|'')*)'|([^='\s]+))=(\S*)")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class status(enum.IntEnum):  # noqa: N801  the name that scripts import
    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


WORDS = {"o": 0, "ok": 0, "0": 0, "w": 1, "warn": 1, "warning": 1, "1": 1,
         "c": 2, "crit": 2, "critical": 2, "2": 2}


def to_status(value):
    """Words and numbers, as scripts give them; what is neither is UNKNOWN."""
    if isinstance(value, str):
        return status(WORDS.get(value.lower(), 3))
    try:
        return status(int(value))
    except (TypeError, ValueError):
        return status.UNKNOWN


def to_text(raw):
    """Bytes from outside are kept, whatever they are: to_bytes(..., exact=True) gives them back."""
    return raw.decode("utf-8", "surrogateescape")


def to_bytes(text, exact=False):
    """UTF-8; what was none becomes "?", save where the very bytes are wanted."""
    if isinstance(text, bytes):
        return text
    text = "" if text is None else str(text)
    return text.encode("utf-8", "surrogateescape" if exact else "replace")


def clean(text):
    """For a field that must be UTF-8."""
    return to_bytes(text).decode("utf-8", "replace")


def _bound(made, name, text):
    if not text:
        return
    whole = NUMBER.fullmatch(text)
    bound = getattr(made, name)
    bound.SetInParent()
    if whole:
        bound.value = float(text)
    else:
        bound.range = to_bytes(text)
        first = NUMBER.search(text)
        bound.value = float(first[0]) if first else 0


def parse_perf(text):
    """Items of "'label'=value[unit];warning;critical;minimum;maximum"."""
    items = []
    for match in ITEM.finditer(text or ""):
        if len(items) == MAX_PERF:
            break
        item = check_pb2.Perf(label=to_bytes((match[1] or match[2] or "").replace("''", "'")))
        parts = match[3].split(";") + [""] * 4
        number = NUMBER.match(parts[0])
        if not number:
            item.text = to_bytes(parts[0])
            items.append(item)
            continue
        item.number.value = float(number[0])
        item.number.unit = to_bytes(parts[0][number.end():])
        _bound(item.number, "warning", parts[1])
        _bound(item.number, "critical", parts[2])
        for name, part in (("minimum", parts[3]), ("maximum", parts[4])):
            if NUMBER.fullmatch(part):
                setattr(item.number, name, float(part))
        items.append(item)
    return items


def _number(value):
    """At most five decimals, cut and not rounded; no trailing zeros."""
    whole, _, decimals = f"{value:.10f}".partition(".")
    decimals = decimals[:5].rstrip("0")
    return whole + ("." + decimals if decimals else "")


def _shown(bound):
    return to_text(bound.range) if bound.range else _number(bound.value)


def format_perf(items):
    texts = []
    for item in items:
        label = "'" + to_text(item.label).replace("'", "''") + "'="
        if not item.HasField("number"):
            texts.append(label + to_text(item.text))
            continue
        number = item.number
        parts = [_number(number.value) + to_text(number.unit)]
        for name in ("warning", "critical"):
            parts.append(_shown(getattr(number, name)) if number.HasField(name) else "")
        for name in ("minimum", "maximum"):
            parts.append(_number(getattr(number, name)) if number.HasField(name) else "")
        texts.append(label + ";".join(parts).rstrip(";"))
    return " ".join(texts)


def result_of(code, message, perf=""):
    return check_pb2.CheckResult(code=int(to_status(code)), lines=[
        check_pb2.Line(message=cut(message), perf=parse_perf(to_text(to_bytes(perf))))])


def unknown(message):
    return result_of(status.UNKNOWN, message)


def message_of(result):
    return "\n".join(to_text(line.message) for line in result.lines)


def perf_of(result):
    return " ".join(filter(None, (format_perf(line.perf) for line in result.lines)))


def cut(text):
    """Bytes that fit into an answer."""
    raw = to_bytes(text)
    if len(raw) <= MAX_RESULT:
        return raw
    return raw[:MAX_RESULT - 1024].decode("utf-8", "ignore").encode() + b"... (cut: too large)"


def cut_result(result):
    """The same result, or as much of its text as fits, without performance data."""
    if result.ByteSize() <= MAX_RESULT:
        return result
    text = cut(b"".join(line.message for line in result.lines)[:MAX_RESULT])
    text = text[:MAX_RESULT - 1024].decode("utf-8", "ignore").encode()
    return check_pb2.CheckResult(code=result.code, command=result.command, lines=[
        check_pb2.Line(message=text + b"... (cut: the result is too large)")])
