"""What the contract (nscp/v1, proto/README.md) asks of any worker, and nothing of this module's own.

run(module) lives the whole life of a worker: birth line, lifeline, attach, start, calls, drain, stop.
One thread runs everything in asyncio; another one watches the lifeline. A module has:

    start(settings, log)                   raises Refused where the settings make no sense
    async query(command, arguments, call)  -> check_pb2.CheckResult
"""
import asyncio
import hmac
import os
import threading
import time

import grpc
from google.protobuf import json_format

import health_pb2
import health_pb2_grpc
from nscp.v1 import (birth_pb2, check_pb2, host_pb2, host_pb2_grpc, queries_pb2, queries_pb2_grpc,
                     telemetry_pb2, telemetry_pb2_grpc, worker_pb2, worker_pb2_grpc)

MAX_BIRTH_LINE = 32 * 1024
MAX_MESSAGE = 8 * 1024 * 1024   # of gRPC, both ways
MAX_RESULT = 4 * 1024 * 1024    # a larger one is cut, and says so
MAX_CALLS = 256                 # at once, those that wait for a nested one included
MAX_LOG_LINES = 1000            # that wait to be sent; more are dropped
ATTACH_LIMIT = 10.0             # seconds
FAREWELL = 0.5                  # seconds for answers and log lines on their way out
LIMITS = [("grpc.max_receive_message_length", MAX_MESSAGE),
          ("grpc.max_send_message_length", MAX_MESSAGE)]
USAGE, NO_SERVICE = 64, 70      # exit codes


class Refused(Exception):
    """A start that cannot be. Its text is what the user reads."""


# ---- step 1: the birth line, and the lifeline behind it

def take_lifeline():
    """Standard input, with an empty one left in its place: a child must not eat the lifeline."""
    lifeline = os.dup(0)
    with open(os.devnull, "rb") as null:
        os.dup2(null.fileno(), 0)
    return lifeline


def read_birth(lifeline):
    """The first line. Fields that this program does not know come from a newer kernel."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(lifeline, 1)
        if not byte or len(line) == MAX_BIRTH_LINE:
            raise ValueError("it ended, or is too long")
        line += byte
    birth = json_format.Parse(line, birth_pb2.Birth(), ignore_unknown_fields=True)
    if not birth.token or not birth.kernel_token:
        raise ValueError("it has no tokens")
    return birth


def watch_lifeline(lifeline):
    """A thread's work. Further lines are for modules that listen; the end means: exit at once."""
    while os.read(lifeline, 4096):
        pass
    os._exit(0)


# ---- step 2: nobody but the kernel may call

class TokenGate(grpc.aio.ServerInterceptor):
    def __init__(self, kernel_token):
        self._kernel_token = kernel_token.encode()
        self._refusal = grpc.unary_unary_rpc_method_handler(self._refuse)

    @staticmethod
    async def _refuse(_, context):
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, "only the kernel may call")

    async def intercept_service(self, continuation, details):
        given = dict(details.invocation_metadata).get("nscp-token", "")
        if hmac.compare_digest(given.encode(), self._kernel_token):
            return await continuation(details)
        return self._refusal


# ---- step 3: the way into the kernel

class Kernel:
    """Every call carries the token of this worker."""

    def __init__(self, birth):
        # The path of a Unix socket makes an authority that other gRPC implementations refuse.
        options = LIMITS + [("grpc.default_authority", "localhost"), ("grpc.enable_http_proxy", 0)]
        self.metadata = (("nscp-token", birth.token),)
        self.channel = grpc.aio.insecure_channel(birth.kernel, options=options)
        self.queries = queries_pb2_grpc.QueriesStub(self.channel)
        self.logs = telemetry_pb2_grpc.LogsStub(self.channel)

    async def attach(self, address):
        request = host_pb2.AttachRequest(contract=worker_pb2.CONTRACT_CURRENT,
                                         sdk="sample-python", address=address)
        await host_pb2_grpc.HostStub(self.channel).Attach(request, metadata=self.metadata,
                                                          timeout=ATTACH_LIMIT)


class Log:
    """Lines for the kernel's log, sent by a task of its own so that no check waits for the log."""

    def __init__(self, kernel):
        self._kernel = kernel
        self._lines = asyncio.Queue(MAX_LOG_LINES)

    def write(self, level, text):
        try:
            self._lines.put_nowait(telemetry_pb2.LogEntry(
                level=level, time_ms=int(time.time() * 1000), message=to_bytes(text)))
        except asyncio.QueueFull:
            pass

    def info(self, text):
        self.write(telemetry_pb2.LOG_INFO, text)

    def error(self, text):
        self.write(telemetry_pb2.LOG_ERROR, text)

    async def send(self):
        stream = self._kernel.logs.Write(metadata=self._kernel.metadata)
        while True:
            entry = await self._lines.get()
            await stream.write(telemetry_pb2.WriteLogsRequest(entries=[entry]))
            self._lines.task_done()

    async def sent(self):
        await self._lines.join()


class Settings:
    """As the kernel resolved them; the manifest's defaults are filled in. Compared without case."""

    def __init__(self, entries):
        self._values = {(e.path.lower(), to_text(e.key).lower()): to_text(e.value) for e in entries}

    def get(self, path, key):
        return self._values.get((path.lower(), key.lower()), "")


class Call:
    """One call that is being answered, and its way back into the kernel."""

    def __init__(self, kernel, call_id, context):
        self._kernel = kernel
        self._id = call_id
        self._context = context

    def remaining(self):
        """Seconds until the deadline."""
        return self._context.time_remaining() or 0.0

    async def run(self, command, arguments=()):
        """Another query, in the name of whoever asked this one. What goes wrong is UNKNOWN."""
        request = queries_pb2.ExecuteRequest(command=to_bytes(command), arguments=arguments)
        # The call's name: the kernel takes user, remaining time and depth from its own record.
        request.caller.call = self._id
        try:
            response = await self._kernel.queries.Execute(
                request, metadata=self._kernel.metadata, timeout=self.remaining())
            return response.result
        except grpc.aio.AioRpcError as error:
            return unknown(f"Failed to execute command: {command} ({error.details()})")


# ---- steps 4 to 6: what the kernel calls

class Worker(worker_pb2_grpc.WorkerServicer):
    def __init__(self, module, kernel, log):
        self._module = module
        self._kernel = kernel
        self._log = log
        self._started = False
        self._draining = False
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.stopped = asyncio.Event()

    async def Start(self, request, context):
        if self._started:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "it has started already")
        await self._take_settings(request.settings, context)
        self._started = True
        return worker_pb2.StartResponse()

    async def Reload(self, request, context):
        await self._take_settings(request.settings, context)
        return worker_pb2.ReloadResponse()

    async def _take_settings(self, entries, context):
        try:
            self._module.start(Settings(entries), self._log)
        except Refused as reason:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(reason))

    async def Query(self, request, context):
        await self._admit(context)
        self._running += 1
        self._idle.clear()
        try:
            # When the deadline passes or the caller goes, gRPC cancels this very task, so a check
            # that waits with await ends by itself.
            result = await self._module.query(request.command, list(request.arguments),
                                              Call(self._kernel, request.call, context))
        except Exception as error:  # a bad check costs its own call and nothing else
            self._log.error(f"{request.command}: {error!r}")
            result = unknown(f"{request.command} failed: {error!r}")
        finally:
            self._running -= 1
            if self._running == 0:
                self._idle.set()
        result.command = result.command or request.command
        return worker_pb2.WorkerQueryResponse(result=cut(result))

    async def _admit(self, context):
        if self._draining:  # not touched, so the kernel may give it to another worker
            await context.abort(grpc.StatusCode.ABORTED, "this worker is stopping")
        if not self._started:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "this worker is starting")
        if self._running >= MAX_CALLS:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many calls at once")

    async def Exec(self, request, context):
        return worker_pb2.WorkerExecResponse(code=1, output=to_bytes(
            f"Command not found: {request.command}"))

    async def Drain(self, request, context):
        self._draining = True
        await self._idle.wait()
        return worker_pb2.DrainResponse()

    async def Stop(self, request, context):
        self._draining = True
        self.stopped.set()
        return worker_pb2.StopResponse()


class Health(health_pb2_grpc.HealthServicer):
    """Must answer while checks run. A check that blocks belongs into asyncio.to_thread."""

    async def Check(self, request, context):
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)


# ---- text and results

def to_text(raw):
    """Bytes from outside are kept, whatever they are: to_bytes(..., exact=True) gives them back."""
    return raw.decode("utf-8", "surrogateescape")


def to_bytes(text, exact=False):
    """UTF-8; what was none becomes "?", save where the very bytes are wanted."""
    return text.encode("utf-8", "surrogateescape" if exact else "replace")


def result_of(code, message, perf=()):
    return check_pb2.CheckResult(
        code=code, lines=[check_pb2.Line(message=to_bytes(message), perf=perf)])


def unknown(message):
    return result_of(check_pb2.UNKNOWN, message)


def cut(result):
    """The same result, or as much of its text as fits, without performance data."""
    if result.ByteSize() <= MAX_RESULT:
        return result
    text = b"".join(line.message for line in result.lines)[:MAX_RESULT - 1024]
    text = text.decode("utf-8", "ignore").encode() + b"... (cut: the result is too large)"
    return check_pb2.CheckResult(code=result.code, command=result.command,
                                 lines=[check_pb2.Line(message=text)])


# ---- the life

async def live(birth, module):
    kernel = Kernel(birth)
    log = Log(kernel)
    sender = asyncio.create_task(log.send())
    service = Worker(module, kernel, log)
    server = grpc.aio.server(interceptors=[TokenGate(birth.kernel_token)], options=LIMITS)
    worker_pb2_grpc.add_WorkerServicer_to_server(service, server)
    health_pb2_grpc.add_HealthServicer_to_server(Health(), server)
    port = server.add_insecure_port(birth.listen)
    await server.start()
    unix = birth.listen.startswith("unix:")
    await kernel.attach(birth.listen if unix else f"127.0.0.1:{port}")
    await service.stopped.wait()
    await server.stop(FAREWELL)
    await asyncio.wait([sender, asyncio.create_task(log.sent())], timeout=FAREWELL,
                       return_when=asyncio.FIRST_COMPLETED)
    # Not by way of the interpreter's end, which would wait for a name look-up that hangs.
    os._exit(0)


def run(module):
    """Ends the process with 0 when the kernel asks for it; what it gives is the exit code if not."""
    lifeline = take_lifeline()
    try:
        birth = read_birth(lifeline)
    except (ValueError, json_format.ParseError) as error:
        os.write(2, f"reading the birth line from standard input: {error}. This program is "
                    "started by the nscp kernel, not by hand\n".encode())
        return USAGE
    threading.Thread(target=watch_lifeline, args=(lifeline,), daemon=True).start()
    try:
        asyncio.run(live(birth, module))
    except (grpc.RpcError, OSError, RuntimeError) as error:
        os.write(2, f"serving {birth.listen} for the kernel: {error}\n".encode())
        return NO_SERVICE
