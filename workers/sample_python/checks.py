"""The module's own part: two checks, their options, and a setting. Knows no gRPC."""
import asyncio
import re
import time

from nscp.v1 import check_pb2
from worker import Refused, result_of, to_bytes, to_text, unknown

SETTINGS = "/settings/sample python"
LONGEST_TIMEOUT = 60
MOST_ATTEMPTS = 10
LONGEST_PAUSE = 60

CONNECT_HELP = """host=127.0.0.1  where to connect to
port=           the TCP port
warning=        milliseconds; slower is WARNING
critical=       milliseconds; slower is CRITICAL
detail-syntax=  the text of the answer; ${host}, ${port} and ${time} are replaced"""
CONNECT_OPTIONS = {"host": "127.0.0.1", "port": "", "warning": "", "critical": "",
                   "detail-syntax": "${host}:${port} answers in ${time}ms"}

RETRY_HELP = """command=        the check to run
argument=       for the check; may be given several times
attempts=3      how often at most, 1 to 10
pause=1         seconds between two attempts, 0 to 60"""
RETRY_OPTIONS = {"command": "", "argument": [], "attempts": "3", "pause": "1"}


class BadOption(Exception):
    """The caller asked for something that cannot be: UNKNOWN, with this text."""


def read_options(arguments, known):
    """`key=value` arguments over the defaults in `known`; a list takes an option several times."""
    options = {key: list(value) if isinstance(value, list) else value
               for key, value in known.items()}
    for argument in map(to_text, arguments):
        key, _, value = argument.partition("=")
        if key not in options:
            raise BadOption(f"Unknown option: {key[:100]} (help lists the options)")
        if isinstance(options[key], list):
            options[key].append(value)
        else:
            options[key] = value
    return options


def number(options, key, low, high):
    try:
        value = float(options[key])
    except ValueError:
        value = None
    if value is None or not low <= value <= high:
        raise BadOption(f"{key}={options[key][:100]} must be a number from {low} to {high}")
    return value


def fill(template, keywords):
    return re.sub(r"\$\{([a-z]+)\}", lambda m: keywords.get(m[1], m[0]), template)


class SamplePython:
    def __init__(self):
        self._timeout = 0
        self._checks = {"sample_connect": (CONNECT_OPTIONS, CONNECT_HELP, self._connect),
                        "sample_retry": (RETRY_OPTIONS, RETRY_HELP, self._retry)}

    def start(self, settings, log):
        """Also after each change of the settings."""
        text = settings.get(SETTINGS, "timeout")
        if not text.isdecimal() or not 1 <= int(text) <= LONGEST_TIMEOUT:
            raise Refused(f"{SETTINGS}, timeout: \"{text.encode('utf-8', 'replace').decode()}\" "
                          f"must be a whole number from 1 to {LONGEST_TIMEOUT}")
        self._timeout = int(text)
        log.info(f"sample_connect waits {self._timeout} s at most")

    async def query(self, command, arguments, call):
        if command not in self._checks:
            return unknown(f"Unknown command(s): {command}")
        known, help_text, check = self._checks[command]
        if b"help" in arguments:
            return result_of(check_pb2.OK, help_text)
        try:
            return await check(read_options(arguments, known), call)
        except BadOption as problem:
            return unknown(str(problem))

    async def _connect(self, options, call):
        port = int(number(options, "port", 1, 65535))
        bounds = {key: number(options, key, 0, 1e9)
                  for key in ("warning", "critical") if options[key]}
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                _, writer = await asyncio.open_connection(options["host"], port)
        except TimeoutError:
            return result_of(check_pb2.CRITICAL, f"{options['host']}:{port} did not answer "
                                                 f"within {self._timeout} s")
        except (OSError, ValueError) as error:
            return result_of(check_pb2.CRITICAL, f"{options['host']}:{port}: {error}")
        milliseconds = round((time.monotonic() - began) * 1000, 3)
        writer.close()
        return result_of(
            judge(milliseconds, bounds),
            fill(options["detail-syntax"], {"host": options["host"], "port": str(port),
                                            "time": str(milliseconds)}),
            [perf("time", milliseconds, "ms", bounds)])

    async def _retry(self, options, call):
        attempts = int(number(options, "attempts", 1, MOST_ATTEMPTS))
        pause = number(options, "pause", 0, LONGEST_PAUSE)
        arguments = [to_bytes(argument, exact=True) for argument in options["argument"]]
        for attempt in range(attempts):
            if attempt > 0:
                await asyncio.sleep(pause)
            result = await call.run(options["command"], arguments)
            if result.code == check_pb2.OK or call.remaining() <= pause:
                break
        return result


def judge(value, bounds):
    for key, code in (("critical", check_pb2.CRITICAL), ("warning", check_pb2.WARNING)):
        if key in bounds and value > bounds[key]:
            return code
    return check_pb2.OK


def perf(label, value, unit, bounds):
    """A threshold that nobody gave is left out: it differs from one that is 0."""
    made = check_pb2.Perf(label=to_bytes(label))
    made.number.value = value
    made.number.unit = to_bytes(unit)
    made.number.minimum = 0
    for key, bound in bounds.items():
        getattr(made.number, key).value = bound
    return made
