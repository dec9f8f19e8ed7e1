"""Users' scripts: loading, and the functions that they registered. Knows no gRPC server; runs on
whatever thread calls."""
import importlib.machinery
import importlib.util
import os
import sys
import threading
import time
import traceback

from nscp.v1 import manifest_pb2, telemetry_pb2

from nscp_host import legacy_messages as legacy
from nscp_host.results import (clean, cut, message_of, perf_of, result_of, status, to_bytes,
                               to_status, to_text, unknown)

SECTION = "/settings/python/scripts"
MAX_SCRIPTS = 500
MAX_NAMES = 1000        # that one script may register
MAX_METRICS = 20000
QUERY, EXEC, CHANNEL = (manifest_pb2.DynamicClass.QUERY, manifest_pb2.DynamicClass.EXEC,
                        manifest_pb2.DynamicClass.CHANNEL)


def alias_of(file):
    """What a script is called that has no name of its own."""
    return os.path.splitext(os.path.basename(file))[0]


def find_script(scripts, name):
    """The file: as given, in ${scripts}/python, below ${scripts}; each also with ".py"."""
    for place in ("", os.path.join(scripts, "python"), scripts, os.path.dirname(scripts)):
        for ending in ("", ".py"):
            file = os.path.join(place, name) + ending
            if name and os.path.isfile(file):
                return os.path.abspath(file)
    raise FileNotFoundError(f"Script not found: {name}")


class Function:
    def __init__(self, call, name, description, simple):
        self.call, self.name, self.description, self.simple = call, name, description, simple


class Script:
    """One user's file: what it registered, and its module."""

    def __init__(self, plugin_id, alias, file):
        self.plugin_id, self.alias, self.file = plugin_id, alias, file
        self.functions = {QUERY: {}, EXEC: {}, CHANNEL: {}}  # lower-case name -> Function
        self.events = []            # (pattern, function, whether it takes words)
        self.metrics_from = []      # fetch_metrics
        self.metrics_to = []        # submit_metrics
        self.defaults = {}          # of register_key, by (path, key) in lower case
        self.module = None

    def register(self, kind, name, function, description="", simple=True):
        if not callable(function):
            raise TypeError(f"{name}: what is registered must be a function")
        if not name:
            raise ValueError("a function needs a name")
        names = self.functions[kind]
        if sum(map(len, self.functions.values())) >= MAX_NAMES and name.lower() not in names:
            raise ValueError(f"a script may register {MAX_NAMES} names")
        names[name.lower()] = Function(function, name,
                                       description or f"Python script: {self.alias}", simple)

    def run_file(self):
        name = "nscp_script_" + "".join(c if c.isalnum() else "_" for c in self.alias)
        spec = importlib.util.spec_from_file_location(name, self.file)
        if spec is None:  # a file that does not end in .py
            loader = importlib.machinery.SourceFileLoader(name, self.file)
            spec = importlib.util.spec_from_loader(name, loader)
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[name] = self.module
        spec.loader.exec_module(self.module)

    def optional(self, name, *arguments):
        """Runs one of the functions that a script may have; None without it."""
        function = getattr(self.module, name, None)
        return function(*arguments) if callable(function) else None


def as_tuple(value, length):
    """What a function gave, filled up."""
    values = value if isinstance(value, (tuple, list)) else (value,)
    return (tuple(values) + (None,) * length)[:length]


class Scripts:
    def __init__(self, kernel):
        self.kernel = kernel
        self.folder = ""
        self.instance = ""
        self.definitions = {}       # lower-case alias -> file as the settings name it
        self._lock = threading.RLock()
        self._scripts = []
        self._next_id = 1
        self._published = None

    # ---- which there are

    def all(self):
        with self._lock:
            return list(self._scripts)

    def by_id(self, plugin_id):
        for script in self.all():
            if script.plugin_id == plugin_id:
                return script
        raise ValueError(f"no script has the plugin id {plugin_id!r}: use that which init() was given")

    def find(self, kind, name):
        """(script, function); the last script of the settings has a name that several register."""
        for script in reversed(self.all()):
            function = script.functions[kind].get(name.lower())
            if function:
                return script, function
        return None, None

    def publish(self):
        names = {}
        for script in self.all():
            for kind, functions in script.functions.items():
                for key, function in list(functions.items()):
                    names[kind, key] = (kind, function.name, function.description)
        wanted = list(names.values())
        with self._lock:
            if wanted == self._published:
                return
            self._published = wanted
        self.kernel.register(wanted)

    # ---- loading; one at a time

    def load(self, alias, name):
        """Raises what the script raised."""
        file = find_script(self.folder, name)
        with self._lock:
            script = Script(self._next_id, alias, file)
            self._next_id += 1
            self._scripts = [s for s in self._scripts if s.alias.lower() != alias.lower()] + [script]
        try:
            script.run_file()
            script.optional("init", script.plugin_id, self.instance, alias)
        except BaseException:
            with self._lock:
                self._scripts.remove(script)
            raise
        return script

    def try_load(self, alias, name):
        try:
            self.load(alias, name)
        except FileNotFoundError as error:
            self.kernel.error(f"Loading the Python script {alias}: {error}")
        except BaseException as error:  # SystemExit, too
            self.tell(f"Loading the Python script {alias}", error)

    def unload(self, alias):
        for script in self.all():
            if script.alias.lower() == alias.lower():
                with self._lock:
                    self._scripts.remove(script)
                self._shut(script)

    def _shut(self, script):
        try:
            script.optional("shutdown")
        except BaseException as error:
            self.tell(f"shutdown of the Python script {script.alias}", error)

    def shutdown(self):
        for script in self.all():
            self._shut(script)
        with self._lock:
            self._scripts = []

    def forget_libraries(self):
        """So that a reload reads them again."""
        root = os.path.join(self.folder, "python") + os.sep
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(root):
                del sys.modules[name]

    def tell(self, doing, error):
        """An exception for the log, with the way to it; gives its text."""
        text = f"{type(error).__name__}: {error}"
        self.kernel.error(f"{doing}: {text}\n" + "".join(
            traceback.format_exception(type(error), error, error.__traceback__, limit=-20)))
        return text

    # ---- what the kernel asks

    def query(self, command, arguments):
        script, function = self.find(QUERY, command)
        if function is None:
            return unknown(f"Unknown command(s): {command}")
        try:
            if function.simple:
                code, message, perf = as_tuple(function.call(list(map(to_text, arguments))), 3)
                return result_of(code, message, perf or "")
            _, raw = as_tuple(function.call(command, legacy.query_request(command, arguments)), 2)
            return legacy.result_from(legacy.one(legacy.read(legacy.QueryResponse, raw)))
        except BaseException as error:
            return unknown(f"{command}: " + self.tell(f"{command} of the Python script {script.alias}",
                                                      error))
        finally:
            self.publish()

    def exec(self, command, arguments):
        """(code, output), or None where no script has the command."""
        script, function = self.find(EXEC, command)
        if function is None:
            return None
        try:
            if function.simple:
                code, text = as_tuple(function.call(list(map(to_text, arguments))), 2)
                return int(to_status(code)), cut(text)
            _, raw = as_tuple(function.call(command, legacy.exec_request(command, arguments)), 2)
            answer = legacy.one(legacy.read(legacy.ExecResponse, raw))
            return answer.result, cut(answer.message)
        except BaseException as error:
            return 3, to_bytes(self.tell(f"{command} of the Python script {script.alias}", error))
        finally:
            self.publish()

    def submit(self, request):
        """(accepted, message)"""
        script, function = self.find(CHANNEL, request.channel)
        if function is None:
            return False, to_bytes(f"No script listens to {request.channel}")
        try:
            result = request.result
            if function.simple:
                answer = function.call(
                    request.channel, to_text(request.source), to_text(request.alias) or result.command,
                    status(result.code), message_of(result), perf_of(result))
            else:
                answer = function.call(request.channel, legacy.submit_request(request))
            accepted, text = as_tuple(answer, 2)
            if isinstance(accepted, status):
                accepted = accepted == status.OK
            # A function that says nothing has taken it.
            return accepted is None or bool(accepted), cut(text) if isinstance(text, str) else b""
        except BaseException as error:
            return False, to_bytes(self.tell(f"{request.channel} of the Python script {script.alias}",
                                             error))
        finally:
            self.publish()

    def events(self, events):
        for event in events:
            for script in self.all():
                for pattern, function, simple in list(script.events):
                    if not matches(pattern, event.name):
                        continue
                    try:
                        if simple:
                            function(event.name, {k: to_text(v) for k, v in event.data.items()})
                        else:
                            function(event.name, legacy.event_message(event))
                    except BaseException as error:
                        self.tell(f"The event {event.name} in the Python script {script.alias}", error)

    def push_metrics(self, metrics):
        takers = [(s, f) for s in self.all() for f in list(s.metrics_to)]
        if not takers:
            return
        values = {}
        for metric in metrics:
            kind = metric.WhichOneof("value")
            if kind in ("gauge", "counter"):
                values[f"{metric.bundle}.{to_text(metric.key)}"] = getattr(metric, kind)
            elif kind == "text":
                values[f"{metric.bundle}.{to_text(metric.key)}"] = to_text(metric.text)
        for script, function in takers:
            try:
                function(dict(values))
            except BaseException as error:
                self.tell(f"submit_metrics of the Python script {script.alias}", error)

    def fetch_metrics(self):
        found = []
        for script in self.all():
            for function in list(script.metrics_from):
                try:
                    found += [metric(name, value) for name, value in dict(function() or {}).items()]
                except BaseException as error:
                    self.tell(f"fetch_metrics of the Python script {script.alias}", error)
        return found[:MAX_METRICS]

    def main(self, file, arguments):
        """Of a script that the settings need not name: (code, output)."""
        try:
            script = self.load(alias_of(file), file)
            if not callable(getattr(script.module, "__main__", None)):
                return 3, to_bytes(f"{file} has no function __main__(args)")
            code, text = as_tuple(script.module.__main__(list(map(to_text, arguments))), 2)
            return (0 if code is None else int(to_status(code))), cut(text)
        except BaseException as error:
            return 3, to_bytes(self.tell(f"__main__ of {file}", error))


def matches(pattern, name):
    """"*", "name:*" and "name.*" are beginnings; anything else is the whole name."""
    if pattern.endswith("*"):
        return name.lower().startswith(pattern[:-1].lower())
    return name.lower() == pattern.lower()


def metric(name, value):
    """The parts before the last dot are the bundle."""
    bundle, _, key = clean(name).rpartition(".")
    made = telemetry_pb2.Metric(bundle=bundle or "python", key=to_bytes(key))
    if isinstance(value, (int, float)):
        made.gauge = float(value)
    else:
        made.text = to_bytes(value)
    return made


