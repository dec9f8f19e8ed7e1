"""What the contract (nscp/v1, proto/README.md) asks of any worker: birth line, lifeline, attach, start,
calls, drain, stop. One thread runs this in asyncio and no script; another one watches the lifeline."""
import asyncio
import hmac
import os
import sys
import threading

import grpc
import health_pb2
import health_pb2_grpc
from google.protobuf import json_format

from nscp.v1 import birth_pb2, worker_pb2, worker_pb2_grpc

from nscp_host import api, commands
from nscp_host.kernel import LIMITS, Kernel
from nscp_host.results import cut, cut_result, to_text, unknown
from nscp_host.scripts import MAX_SCRIPTS, SECTION, Scripts
from nscp_host.visits import MAX_ASIDE, TooMany, Visits

MAX_BIRTH_LINE = 32 * 1024
LOAD_ONE, LOAD_ALL = 3.0, 6.0   # seconds for the top level of scripts: a start has 10
SHUTDOWN = 1.0                  # seconds for shutdown() of all scripts
FAREWELL = 0.5                  # seconds for answers and log lines on their way out
NO_DEADLINE = 60.0
# How long one thread may keep the interpreter: health is answered while all places are taken by
# scripts that count.
TURN = 0.0005
STACK = 1024 * 1024             # of each thread: all of them count for the manifest's dataBytes
USAGE, NO_SERVICE = 64, 70      # exit codes


def take_lifeline():
    """Standard input, with an empty one left in its place: a script must not eat the lifeline."""
    lifeline = os.dup(0)
    with open(os.devnull, "rb") as null:
        os.dup2(null.fileno(), 0)
    return lifeline


def read_birth(lifeline):
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
    """A thread's work. The end of file means that the kernel is gone: exit at once."""
    while os.read(lifeline, 4096):
        pass
    os._exit(0)


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


class Worker(worker_pb2_grpc.WorkerServicer):
    def __init__(self, kernel):
        self._kernel = kernel
        self._scripts = Scripts(kernel)
        api.use(self._scripts)
        self.visits = Visits()
        self._started = False
        self._draining = False
        self._own_lib = None
        self.stopped = asyncio.Event()

    # ---- start, reload, drain, stop

    async def Start(self, request, context):
        if self._started:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "it has started already")
        self._scripts.instance = request.alias
        loop = asyncio.get_running_loop()
        self._scripts.folder = await loop.run_in_executor(None, self._kernel.expand_path, "${scripts}")
        await self._take(request.settings)
        self._started = True
        return worker_pb2.StartResponse()

    async def Reload(self, request, context):
        await self.visits.run(self._scripts.shutdown, "", SHUTDOWN)
        self._scripts.forget_libraries()
        await self._take(request.settings)
        return worker_pb2.ReloadResponse()

    async def _take(self, settings):
        values = {(e.path.lower(), to_text(e.key).lower()): to_text(e.value) for e in settings}
        self._set_up_imports(values)
        loop = asyncio.get_running_loop()
        end = loop.time() + LOAD_ALL
        self._scripts.definitions = {}
        for entry in settings:
            if entry.path.lower() != SECTION or len(self._scripts.definitions) == MAX_SCRIPTS:
                continue
            alias = to_text(entry.key)
            name = to_text(entry.value) or alias
            self._scripts.definitions[alias.lower()] = name
            limit = min(LOAD_ONE, end - loop.time())
            loaded = limit > 0 and await self.visits.run(
                lambda a=alias, n=name: self._scripts.try_load(a, n) or True, "", limit)
            if not loaded:
                self._kernel.error(f"Loading the Python script {alias}: it did not end in time")
        await loop.run_in_executor(None, self._scripts.publish)

    def _set_up_imports(self, values):
        """Scripts find their own libraries, and none of this host's by accident."""
        cache = values.get(("/settings/python", "python cache"), "")
        sys.dont_write_bytecode, sys.pycache_prefix = not cache, cache or None
        library = values.get(("/settings/python", "python lib"), "")
        folders = [os.path.join(self._scripts.folder, "python"),
                   os.path.join(self._scripts.folder, "python", "lib")] + ([library] if library else [])
        own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        sys.path[:] = [own] + folders + [p for p in sys.path if p not in folders + [own, self._own_lib]]
        self._own_lib = library

    async def Drain(self, request, context):
        self._draining = True
        await self.visits.idle.wait()
        return worker_pb2.DrainResponse()

    async def Stop(self, request, context):
        self._draining = True
        if self._started:
            await self.visits.run(self._scripts.shutdown, "", SHUTDOWN)
        self.stopped.set()
        return worker_pb2.StopResponse()

    # ---- calls

    async def _visit(self, context, call, work):
        """What work() gives; None when its time was over."""
        if self._draining:  # not touched, so the kernel may give it to another worker
            await context.abort(grpc.StatusCode.ABORTED, "this worker is stopping")
        if not self._started:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "this worker is starting")
        metadata = dict(context.invocation_metadata() or ())
        try:
            return await self.visits.run(work, call, context.time_remaining() or NO_DEADLINE,
                                         metadata.get("nscp-request", ""))
        except TooMany:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many calls at once")

    def _late(self, what):
        text = f"{what} did not end in time and was stopped"
        self._kernel.error(text)
        return text

    async def Query(self, request, context):
        result = await self._visit(context, request.call, lambda: self._scripts.query(
            request.command, list(request.arguments)))
        if result is None:
            result = unknown(self._late(f"The Python function for {request.command}"))
        result.command = result.command or request.command
        return worker_pb2.WorkerQueryResponse(result=cut_result(result))

    async def Exec(self, request, context):
        answer = await self._visit(context, request.call, lambda: commands.run(
            self._scripts, request.command, list(request.arguments)))
        code, output = answer or (3, self._late(f"The command {request.command}"))
        return worker_pb2.WorkerExecResponse(code=code, output=cut(output))

    async def Submit(self, request, context):
        answer = await self._visit(context, request.call, lambda: self._scripts.submit(request))
        accepted, message = answer or (False, self._late(f"The function for {request.channel}").encode())
        return worker_pb2.WorkerSubmitResponse(accepted=accepted, message=message)

    async def DeliverEvents(self, request, context):
        await self._visit(context, "", lambda: self._scripts.events(request.events))
        return worker_pb2.DeliverEventsResponse()

    async def FetchMetrics(self, request, context):
        metrics = await self._visit(context, "", self._scripts.fetch_metrics)
        return worker_pb2.FetchMetricsResponse(metrics=metrics or ())

    async def PushMetrics(self, request, context):
        await self._visit(context, "", lambda: self._scripts.push_metrics(request.metrics))
        return worker_pb2.PushMetricsResponse()


class Health(health_pb2_grpc.HealthServicer):
    def __init__(self, visits):
        self._visits = visits

    async def Check(self, request, context):
        # At the bound of calls that can't be ended, the process asks to be replaced.
        kind = health_pb2.HealthCheckResponse
        full = self._visits.aside() >= MAX_ASIDE
        return kind(status=kind.NOT_SERVING if full else kind.SERVING)


async def live(birth):
    kernel = Kernel(birth)
    threading.Thread(target=kernel.send_log, daemon=True).start()
    service = Worker(kernel)
    server = grpc.aio.server(interceptors=[TokenGate(birth.kernel_token)], options=LIMITS)
    worker_pb2_grpc.add_WorkerServicer_to_server(service, server)
    health_pb2_grpc.add_HealthServicer_to_server(Health(service.visits), server)
    port = server.add_insecure_port(birth.listen)
    await server.start()
    unix = birth.listen.startswith("unix:")
    address = birth.listen if unix else f"127.0.0.1:{port}"
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, kernel.attach, address)
    await service.stopped.wait()
    await server.stop(FAREWELL)
    await loop.run_in_executor(None, kernel.wait_for_log, FAREWELL)
    # Not by way of the interpreter's end, which would wait for what scripts have started.
    os._exit(0)


def run():
    """Ends the process with 0 when the kernel asks for it; what it gives is the exit code if not."""
    sys.setswitchinterval(TURN)
    threading.stack_size(STACK)
    lifeline = take_lifeline()
    try:
        birth = read_birth(lifeline)
    except (ValueError, json_format.ParseError) as error:
        os.write(2, f"reading the birth line from standard input: {error}. This program is "
                    "started by the nscp kernel, not by hand\n".encode())
        return USAGE
    threading.Thread(target=watch_lifeline, args=(lifeline,), daemon=True).start()
    try:
        asyncio.run(live(birth))
    except (grpc.RpcError, OSError, RuntimeError) as error:
        os.write(2, f"serving {birth.listen} for the kernel: {error}\n".encode())
    return NO_SERVICE
