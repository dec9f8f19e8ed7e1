"""The way into the kernel: every call carries the token of this worker. Any thread may call; the
calls that a script's thread makes while it answers one are made in the name of that one's caller."""
import queue
import threading
import time

import grpc

from nscp.v1 import (host_pb2, host_pb2_grpc, modules_pb2, modules_pb2_grpc, queries_pb2,
                     queries_pb2_grpc, settings_pb2, settings_pb2_grpc, telemetry_pb2,
                     telemetry_pb2_grpc, worker_pb2)

from nscp_host.results import clean, to_bytes, unknown

MAX_MESSAGE = 8 * 1024 * 1024   # of gRPC, both ways
MAX_LOG_LINES = 1000            # that wait to be sent; more are dropped
MAX_LOG_LINE = 16 * 1024        # bytes
OWN_CALL = 10.0                 # seconds, of what asks for no other module's work
LONGEST = 60.0                  # seconds, of what is asked outside of a call
LIMITS = [("grpc.max_receive_message_length", MAX_MESSAGE),
          ("grpc.max_send_message_length", MAX_MESSAGE)]


class Call:
    """One call that a thread is answering. `name` is the kernel's, empty outside of one."""

    def __init__(self, name, deadline, request_id=""):
        self.name = name
        self.deadline = deadline  # of time.monotonic()
        self.request_id = request_id
        self.nested = None        # the question that the thread waits for

    def remaining(self):
        return max(self.deadline - time.monotonic(), 0.001)


CURRENT = threading.local()


def current():
    return getattr(CURRENT, "call", None)


class Kernel:
    def __init__(self, birth):
        # The path of a Unix socket makes an authority that other gRPC implementations refuse.
        options = LIMITS + [("grpc.default_authority", "localhost"), ("grpc.enable_http_proxy", 0)]
        self._metadata = (("nscp-token", birth.token),)
        channel = grpc.insecure_channel(birth.kernel, options=options)
        self._host = host_pb2_grpc.HostStub(channel)
        self._modules = modules_pb2_grpc.ModulesStub(channel)
        self._queries = queries_pb2_grpc.QueriesStub(channel)
        self._settings = settings_pb2_grpc.SettingsStub(channel)
        self._logs = telemetry_pb2_grpc.LogsStub(channel)
        self._lines = queue.Queue(MAX_LOG_LINES)

    def _ask(self, method, request, limit=OWN_CALL):
        return method(request, metadata=self._metadata, timeout=limit)

    def _ask_in_call(self, method, request):
        """Names the call that the thread answers; its end ends the question, too."""
        call = current()
        if call is None:
            return self._ask(method, request, LONGEST)
        request.caller.call = call.name
        future = method.future(request, metadata=self._metadata, timeout=call.remaining())
        call.nested = future
        try:
            return future.result()
        finally:
            call.nested = None

    # ---- the life

    def attach(self, address):
        self._ask(self._host.Attach, host_pb2.AttachRequest(
            contract=worker_pb2.CONTRACT_CURRENT, sdk="nscp-python", address=address))

    def log(self, level, text):
        call = current()
        entry = telemetry_pb2.LogEntry(
            level=level, time_ms=int(time.time() * 1000), message=to_bytes(text)[:MAX_LOG_LINE],
            request_id=call.request_id if call else "")
        try:
            self._lines.put_nowait(entry)
        except queue.Full:
            pass

    def info(self, text):
        self.log(telemetry_pb2.LOG_INFO, text)

    def error(self, text):
        self.log(telemetry_pb2.LOG_ERROR, text)

    def debug(self, text):
        self.log(telemetry_pb2.LOG_DEBUG, text)

    def send_log(self):
        """A thread's work: the lines of log(), until the connection ends."""
        def entries():
            while True:
                yield telemetry_pb2.WriteLogsRequest(entries=[self._lines.get()])
                self._lines.task_done()
        try:
            self._logs.Write(entries(), metadata=self._metadata)
        except grpc.RpcError:
            pass  # the kernel is gone or stops this worker: nobody reads the log any more

    def wait_for_log(self, limit):
        end = time.monotonic() + limit
        while self._lines.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)

    # ---- for scripts

    def register(self, names):
        """[(kind, name, description)], the whole set."""
        self._ask(self._host.Register, host_pb2.RegisterRequest(names=[
            host_pb2.RegisterRequest.Name(kind=kind, name=clean(name), description=clean(text))
            for kind, name, text in names]))

    def expand_path(self, text):
        raw = self._ask(self._host.ExpandPath,
                        host_pb2.ExpandPathRequest(path=to_bytes(text, exact=True))).path
        return raw.decode("utf-8", "surrogateescape")

    def run(self, command, arguments):
        """A query. What goes wrong is UNKNOWN."""
        request = queries_pb2.ExecuteRequest(command=to_bytes(command), arguments=arguments)
        try:
            return self._ask_in_call(self._queries.Execute, request).result
        except grpc.RpcError as error:
            return unknown(f"Failed to execute command: {command} ({error.details()})")

    def _exec_one(self, module, command, arguments):
        request = queries_pb2.ExecRequest(module=clean(module), command=to_bytes(command),
                                          arguments=arguments)
        try:
            answer = self._ask_in_call(self._queries.Exec, request)
            return answer.code, answer.output
        except grpc.RpcError as error:
            return 3, to_bytes(error.details())

    def _may_know(self, module, command):
        try:
            manifest = self._ask(self._modules.Get, modules_pb2.GetModuleRequest(
                name=to_bytes(module))).manifest
        except grpc.RpcError:
            return False
        return (any(e.name.lower() == command.lower() for e in manifest.exec_commands) or
                any(d.kind == 2 for d in manifest.dynamic))

    def exec(self, target, command, arguments):
        """(exit code, output). `any`: the first module that knows the command; `all`, `*`: each."""
        if target not in ("any", "all", "*"):
            return self._exec_one(target, command, arguments)
        together = None
        for module in self._ask(self._modules.List, modules_pb2.ListModulesRequest()).modules:
            if not module.loaded or not self._may_know(module.id, command):
                continue
            code, output = self._exec_one(module.id, command, arguments)
            if code == 1:
                continue
            if target == "any":
                return code, output
            together = (max(code, together[0]), together[1] + b"\n" + output) if together else (
                code, output)
        return together or (1, to_bytes(f"Command not found: {command}"))

    def submit(self, channel, result, alias=b"", source=b""):
        """(accepted, message)"""
        request = queries_pb2.SubmitRequest(channel=to_bytes(channel), result=result, alias=alias,
                                            source=source)
        try:
            answer = self._ask_in_call(self._queries.Submit, request)
            return answer.accepted, answer.message
        except grpc.RpcError as error:
            return False, to_bytes(error.details())

    def reload(self, target):
        """Done after the answer: it may be this very module."""
        self._ask(self._host.Reload, host_pb2.ReloadHostRequest(target=to_bytes(target),
                                                                delayed=True))

    def load_module(self, name, alias):
        if alias:  # an instance is a line of the settings
            self.set_settings([("/modules", alias, name)], False)
        self._ask(self._modules.Load, modules_pb2.ModuleRequest(name=to_bytes(alias or name)),
                  LONGEST)

    def unload_module(self, name):
        self._ask(self._modules.Unload, modules_pb2.ModuleRequest(name=to_bytes(name)), LONGEST)

    def names(self, kind):
        """[NameInfo] of queries, aliases or channels."""
        return self._ask(self._queries.List, queries_pb2.ListQueriesRequest(kind=kind)).names

    def modules(self, on_disk):
        return self._ask(self._modules.List, modules_pb2.ListModulesRequest(all=on_disk)).modules

    # ---- settings

    def setting(self, path, key):
        """None where there is neither a value nor a default; passwords are "***"."""
        found = self._ask(self._settings.Get, settings_pb2.GetSettingsRequest(
            path=to_bytes(path), key=to_bytes(key), defaults=True)).entries
        return found[0].value.decode("utf-8", "replace") if found else None

    def setting_keys(self, path):
        found = self._ask(self._settings.Get, settings_pb2.GetSettingsRequest(path=to_bytes(path)))
        return [e.key.decode("utf-8", "replace") for e in found.entries if e.key]

    def set_settings(self, entries, persist):
        """[(path, key, value)]; an empty value removes a key. Every entry or none."""
        self._ask(self._settings.Update, settings_pb2.UpdateSettingsRequest(
            persist=persist, entries=[settings_pb2.SettingEntry(
                path=to_bytes(p), key=to_bytes(k), value=to_bytes(v)) for p, k, v in entries]))

    def save_settings(self):
        self._ask(self._settings.Save, settings_pb2.SaveSettingsRequest())
