"""Registry, Core and Settings, as scripts see them. Each belongs to one script, by its plugin id."""
import grpc

from nscp_host import legacy_messages as legacy
from nscp_host import registry_messages
from nscp_host.results import (message_of, perf_of, result_of, status, to_bytes, to_status, to_text)
from nscp_host.scripts import CHANNEL, EXEC, QUERY

_TRUE = {"true", "yes", "on", "1", "enabled"}
_FALSE = {"false", "no", "off", "0", "disabled"}
_scripts = None


def use(scripts):
    """Once, before the first script is loaded."""
    global _scripts
    _scripts = scripts


def kernel():
    return _scripts.kernel


def _words(arguments):
    if isinstance(arguments, (str, bytes)):
        arguments = [arguments]
    return [to_bytes(a, exact=True) for a in (arguments or [])]


class _OfScript:
    def __init__(self, script):
        self._script = script

    @classmethod
    def get(cls, plugin_id=None):
        """Of the script that has this id; init() was given it."""
        return cls(None if plugin_id is None else _scripts.by_id(plugin_id))


class Registry(_OfScript):
    @classmethod
    def get(cls, plugin_id):
        return cls(_scripts.by_id(plugin_id))

    def simple_function(self, name, function, description=""):
        """function(args) -> (status, message, performance data)"""
        self._script.register(QUERY, name, function, description)

    def function(self, name, function, description=""):
        """function(command, QueryRequestMessage) -> (status, QueryResponseMessage)"""
        self._script.register(QUERY, name, function, description, simple=False)

    def simple_cmdline(self, name, function):
        """function(args) -> (code, text)"""
        self._script.register(EXEC, name, function)

    def cmdline(self, name, function):
        """function(command, ExecuteRequestMessage) -> (code, ExecuteResponseMessage)"""
        self._script.register(EXEC, name, function, simple=False)

    def simple_subscription(self, channel, function):
        """function(channel, source, command, status, message, perf) -> accepted"""
        self._script.register(CHANNEL, channel, function)

    def subscription(self, channel, function):
        """function(channel, SubmitRequestMessage) -> accepted"""
        self._script.register(CHANNEL, channel, function, simple=False)

    def event(self, name, function):
        """function(event, {key: value}); a name may end in "*"."""
        self._script.events.append((name, function, True))

    def event_pb(self, name, function):
        """function(event, EventMessage)"""
        self._script.events.append((name, function, False))

    def submit_metrics(self, function):
        """function({name: value}), after each round of collecting"""
        self._script.metrics_to.append(function)

    def fetch_metrics(self, function):
        """function() -> {name: value}, asked in each round"""
        self._script.metrics_from.append(function)

    def query(self, request):
        """RegistryRequestMessage -> (status, RegistryResponseMessage)"""
        return registry_messages.answer(kernel(), request)


class Core(_OfScript):
    def simple_query(self, command, arguments=None):
        """(status, message, performance data)"""
        result = kernel().run(command, _words(arguments))
        return to_status(result.code), message_of(result), perf_of(result)

    def query(self, command, request):
        """QueryRequestMessage -> (status, QueryResponseMessage)"""
        response, worst = legacy.QueryResponse(), status.OK
        for asked in legacy.read(legacy.QueryRequest, request).payload:
            name = to_text(asked.command) or command
            result = kernel().run(name, list(asked.arguments))
            answer = response.payload.add(id=asked.id)
            legacy.fill_answer(result, answer, name, asked.alias)
            worst = max(worst, to_status(result.code))
        return worst, response.SerializeToString()

    def simple_exec(self, target, command, arguments=None):
        """(code, [lines])"""
        code, output = kernel().exec(target, command, _words(arguments))
        return to_status(code), to_text(output).split("\n")

    def exec(self, target, request):
        """ExecuteRequestMessage -> (code, ExecuteResponseMessage)"""
        response, worst = legacy.ExecResponse(), status.OK
        for asked in legacy.read(legacy.ExecRequest, request).payload:
            code, output = kernel().exec(target, to_text(asked.command), list(asked.arguments))
            response.payload.add(id=asked.id, command=asked.command, result=int(to_status(code)),
                                 message=output)
            worst = max(worst, to_status(code))
        return worst, response.SerializeToString()

    def simple_submit(self, channel, command, code, message, perf=""):
        """(accepted, message)"""
        result = result_of(code, message, perf)
        result.command = to_bytes(command).decode("utf-8", "replace")
        accepted, text = kernel().submit(channel, result)
        return accepted, to_text(text)

    def submit(self, channel, request):
        """SubmitRequestMessage -> (accepted, SubmitResponseMessage)"""
        response, all_accepted = legacy.SubmitResponse(), True
        for answer in legacy.read(legacy.SubmitRequest, request).payload:
            result = legacy.result_from(answer)
            result.command = answer.command.decode("utf-8", "replace")
            accepted, text = kernel().submit(channel, result, answer.alias, answer.source)
            told = response.payload.add(id=answer.id, command=answer.command)
            told.result.code, told.result.message = (0 if accepted else 2), text
            all_accepted = all_accepted and accepted
        return all_accepted, response.SerializeToString()

    def _done(self, work, *arguments):
        try:
            work(*arguments)
            return True
        except grpc.RpcError as error:
            kernel().error(error.details())
            return False

    def reload(self, module):
        return self._done(kernel().reload, module)

    def load_module(self, name, alias=""):
        return self._done(kernel().load_module, name, alias)

    def unload_module(self, name):
        return self._done(kernel().unload_module, name)

    def expand_path(self, text):
        return kernel().expand_path(text)


class Settings(_OfScript):
    def _find(self, path, key, default):
        found = kernel().setting(path, key)
        if found:
            return found
        if default is None and self._script is not None:
            return self._script.defaults.get((path.lower(), key.lower()))
        return None

    def get_section(self, path):
        """The keys of a section."""
        return kernel().setting_keys(path)

    def get_string(self, path, key, default=None):
        found = self._find(path, key, default)
        return found if found is not None else ("" if default is None else default)

    def get_bool(self, path, key, default=None):
        word = (self._find(path, key, default) or "").lower()
        return True if word in _TRUE else False if word in _FALSE else bool(default)

    def get_int(self, path, key, default=None):
        try:
            return int(self._find(path, key, default))
        except (TypeError, ValueError):
            return default or 0

    def set_string(self, path, key, value):
        """In memory, until save()."""
        kernel().set_settings([(path, key, str(value))], False)

    def set_bool(self, path, key, value):
        self.set_string(path, key, "true" if value else "false")

    def set_int(self, path, key, value):
        self.set_string(path, key, int(value))

    def save(self):
        kernel().save_settings()

    def register_path(self, path, title, description):
        """Known for older scripts: descriptions of settings come from manifests."""

    def register_key(self, path, key, kind, title, description, default=""):
        """get_…() gives the default where its caller names none."""
        if self._script is not None:
            self._script.defaults[path.lower(), key.lower()] = str(default)
