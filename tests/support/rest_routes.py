"""Every route of the REST API, as a client would call it: what it answers, and what it refuses.

A row is a method and a path as packaging/openapi/openapi.json writes it, without the version. The
answers are those of the API's documents, written down by hand: nothing here is read from the file.
"""
import json
import re
from dataclasses import dataclass

from support.match import ANY, Each, Map, OneOf
from support.protobuf import encode

JSON, TEXT, HTML = "application/json", "text/plain", "text/html"
PROTOBUF = "application/x-protobuf"
OPEN = "open"  # needs no credentials
ASKS = "asks"  # the grant depends on the body

TOKEN = re.compile(r"[0-9A-Za-z]{32}")
VERSION = re.compile(r"\d+\.\d+\.\d+ .*")
DATE = re.compile(r"\d{4}-[A-Z][a-z]{2}-\d{2} \d\d:\d\d:\d\d")
LEVEL = re.compile("critical|error|warning|info|debug|unknown")
NUMBER_TEXT = re.compile(r"\d+")
PAGE = re.compile(r"(?s)<!DOCTYPE html>.*</html>\s*")
OPEN_METRICS, BINARY = re.compile(r"(?s).*"), re.compile(r"(?s).+")
ICINGA = {"User-Agent": "Icinga/check_nscp_api/2.14.0"}
PARSE = "Problems parsing JSON"
NO_MODULE = "No response from module, is the module loaded?"


# An installed user interface.
FILES = {"nscp.png": "picture", "assets/index.js": "script", "assets/index.css": "style"}
FILE_KINDS = {"png": "image/png", "js": "application/javascript", "css": "text/css"}
SCRIPT = "#!/bin/sh\necho fine\n"
NO_SCRIPT = "Command returned errors: Script not found: nosuch"


@dataclass(frozen=True)
class Call:
    """One request and its answer."""
    path: str
    status: int = 200
    answer: object = ANY  # an example as support/match.py reads it; a text stands for itself
    kind: str = JSON
    body: object = None  # a text, or what its JSON is
    headers: tuple = ()  # pairs
    version: str = ""    # only in this one

    def sent(self):
        return self.body if isinstance(self.body, (str, bytes, type(None))) \
            else json.dumps(self.body)


@dataclass(frozen=True)
class Route:
    """`calls`: first the one that succeeds, then one for each documented way to fail."""
    method: str
    path: str
    grant: str
    calls: tuple
    versions: tuple = ("v1", "v2")


def route(line, grant, *calls, versions=("v1", "v2")):
    method, path = line.split(" ", 1)
    return Route(method, path, grant, calls, versions)


def bad(path, status, text, body=None, **more):
    return Call(path, status, text, TEXT, body, **more)


LOG_ENTRY = {"file": str, "line": int, "level": LEVEL, "date": DATE, "message": str}
EVENT = {"index": int, "event": str, "date": DATE, "data": Map(str)}
NAME = {"name": str, "plugin": str, "query_url": re.compile("{base}/api/{v}/queries/[^/]+/"),
        "title": str, "metadata": {}, "description": str}
MODULE_URLS = {f"{command}_url": "{base}/api/{v}/modules/Mock/commands/" + command
               for command in ("load", "unload", "enable", "disable")}
MODULE = {"name": "Mock", "id": "Mock", "title": "Mock", "loaded": True, "enabled": True,
          "description": "Answers for tests", "metadata": {"alias": "", "plugin_id": NUMBER_TEXT},
          "module_url": "{base}/api/v1/modules/Mock/", **MODULE_URLS}
ANY_MODULE = {key: ANY for key in MODULE}
DESCRIPTION = {"path": str, "key": str, "type": re.compile("string|int|bool|file|password|folder|"),
               "title": str, "description": str, "icon": str, "sample_usage": str,
               "default_value": str, "is_advanced_key": bool, "is_sample_key": bool,
               "is_template_key": bool, "is_object": bool, "plugins": Each(str)}
SETTING = {"path": str, "key": str, "value": str}
DIFFERENCE = {"path": str, "key": str, "old_value": str, "new_value": str, "is_sensitive": bool,
              "change_type": re.compile("added|removed|modified|path_added|path_removed")}
ARGUMENTS = "?a=b&c=d&e=f"
MESSAGE = "mock_query::a=b,c=d,e=f"
PERF = {"a label": {"value": 30, "minimum": 10, "maximum": 50, "warning": 20, "critical": 30,
                    "unit": "Z"},
        "another label": {"value": 33, "warning": 20, "critical": 30, "unit": "Z"}}
PERF_TEXT = "'a label'=30Z;20;30;10;50 'another label'=33Z;20;30"
EXECUTED = {"command": "mock_query", "result": 0, "lines": [{"message": MESSAGE, "perf": PERF}]}
LEGACY = {"payload": [{"command": "mock_query", "result": "OK", "lines": [{
    "message": MESSAGE,
    "perf": [{"alias": label, "float_value": value} for label, value in PERF.items()]}]}]}
AS_TEXT = (("Accept", TEXT),)
NOT_FOUND = "Module not found: NoSuch"
BAD_NAME = "Invalid module name"


def update(path, named):
    """The calls of PUT and POST on modules."""
    extra = {"name": "Mock"} if named else {}
    calls = [Call(path, 200, {"result": 0, "message": "No change"}, JSON,
                  {"loaded": True, **extra}, version="v2"),
             Call(path, 200, "No change", TEXT, {"loaded": True, **extra}, version="v1"),
             bad(path, 400, PARSE, "{"),
             bad(path, 422, "The field \"loaded\" is required", extra or {}),
             bad(path, 422, "The field \"loaded\" must be true or false",
                 {"loaded": "true", **extra})]
    if named:
        calls += [bad(path, 422, "The field \"name\" is required", {"loaded": True}),
                  bad(path, 400, BAD_NAME, {"loaded": True, "name": "../x"}),
                  bad(path, 404, NOT_FOUND, {"loaded": True, "name": "NoSuch"}),
                  bad(path, 500, "Failed to load Broken", {"loaded": True, "name": "Broken"},
                      version="v1"),
                  Call(path, 500, {"result": 2, "message": "Failed to load Broken"}, TEXT,
                       {"loaded": True, "name": "Broken"}, version="v2")]
    else:
        other = path.replace("Mock", "{}")
        calls += [bad(other.format("No%20Such"), 400, BAD_NAME, {"loaded": True}),
                  bad(other.format("NoSuch"), 404, NOT_FOUND, {"loaded": True}),
                  bad(other.format("Broken"), 500, "Failed to load Broken", {"loaded": True},
                      version="v1"),
                  Call(other.format("Broken"), 500,
                       {"result": 2, "message": "Failed to load Broken"}, TEXT, {"loaded": True},
                       version="v2")]
    return tuple(calls)


def settings_put(path):
    changed = {"status": "success", "keys": 1}
    return (Call(path, 200, changed, JSON, [{"path": "/settings/x", "key": "a", "value": "1"}]),
            bad(path, 400, PARSE, "{"),
            bad(path, 400, "Key is required", {"path": "/settings/x", "value": "1"}),
            bad(path, 400, "Expected an object in the array", [1]),
            bad(path, 400, "Expected an object or an array of objects", "1"),
            bad(path, 422, "The field \"value\" must be a string, a number or a boolean",
                {"path": "/settings/x", "key": "a", "value": None}))


def settings_delete(path, whole):
    removed = {"status": "success", "keys": 1, "recursive": True}
    calls = [Call(path, 200, removed, JSON, [{"path": "/settings/x", "key": "a"}]),
             bad(path, 400, PARSE, "{"),
             bad(path, 422, "The field \"key\" must be a string", {"path": "/x", "key": 1})]
    if whole:
        calls += [bad(path, 400, "DELETE entry requires either a path or a key", [{}]),
                  bad(path, 400, "DELETE requires a path; pass ?key= to remove a single key")]
    return tuple(calls)


def descriptions(path):
    # The keys of a folder have no value.
    items = Each(OneOf(DESCRIPTION, {**DESCRIPTION, "value": str}), 1)
    return (Call(path, 200, items),
            bad("/settings/descriptions/no/such?recursive=true", 404, "Key not found: /no/such"))


def places(word):
    """A place of the user interface."""
    return tuple(route(line, OPEN, Call(path, 200, PAGE, HTML), versions=())
                 for line, path in ((f"GET /{word}", f"/{word}"),
                                    (f"GET /{word}/{{rest}}", f"/{word}/a/b")))


ROUTES = (
    route("GET /api", "public", Call("/api", 200, {
        "current_api": "{base}/api/v2", "legacy_api": "{base}/api/v1",
        "beta_api": "{base}/api/v2"}), versions=()),
    route("GET ", "public", Call("", 200, {
        f"{name}_url": "{base}/api/{v}/" + name for name in (
            "scripts", "modules", "queries", "aliases", "settings", "logs", "info", "tags")})),
    route("GET /openapi.json", "public", Call("/openapi.json", 200, Map(ANY)), versions=("v2",)),
    route("GET /login", "login.get", Call("/login", 200, {"user": "admin", "key": TOKEN})),
    route("DELETE /login", "login.get", Call("/login", 200, {"status": "ok"})),
    route("GET /info", "info.get", Call("/info", 200, {
        "name": "NSClient++", "version": VERSION, "version_url": "{base}/api/v1/info/version"})),
    route("GET /info/version", "info.get.version",
          Call("/info/version", 200, {"version": VERSION})),

    route("GET /modules", "modules.list", Call("/modules", 200, Each(ANY_MODULE, 3)),
          Call("/modules?all=true", 200, Each(ANY_MODULE, 5))),
    route("GET /modules/{name}", "modules.get", Call("/modules/Mock", 200, MODULE),
          bad("/modules/NoSuch", 404, NOT_FOUND), bad("/modules/No%20Such", 400, BAD_NAME)),
    route("GET /modules/{name}/commands/{command}", "modules.load",
          Call("/modules/Mock/commands/load", 200, {"result": 0, "message": "Success load Mock"},
               version="v2"),
          Call("/modules/Mock/commands/load", 200, "Success load Mock", TEXT, version="v1"),
          bad("/modules/Mock/commands/nosuch", 404, "unknown command: nosuch"),
          bad("/modules/No%20Such/commands/load", 400, BAD_NAME),
          bad("/modules/NoSuch/commands/load", 500, "Failed to load NoSuch", version="v1"),
          Call("/modules/NoSuch/commands/load", 500,
               {"result": 2, "message": "Failed to load NoSuch"}, TEXT, version="v2")),
    *(route(f"{method} /modules", ASKS, *update("/modules", True)) for method in ("PUT", "POST")),
    *(route(f"{method} /modules/{{name}}", ASKS, *update("/modules/Mock", False))
      for method in ("PUT", "POST")),

    route("GET /queries", "queries.list", Call("/queries", 200, Each(NAME, 5))),
    route("GET /queries/{name}", "queries.get", Call("/queries/mock_query", 200, {
        "name": "mock_query", "plugin": "Mock", "title": "mock_query", "metadata": {},
        "execute_url": "{base}/api/{v}/queries/mock_query/commands/execute",
        "execute_nagios_url": "{base}/api/{v}/queries/mock_query/commands/execute_nagios",
        "description": "Mock query used during tests"}),
          bad("/queries/nosuch", 404, "Query not found: nosuch")),
    route("GET /queries/{name}/commands/{command}", "queries.execute",
          Call("/queries/mock_query/commands/execute" + ARGUMENTS, 200, EXECUTED),
          Call("/queries/mock_query/commands/execute_nagios" + ARGUMENTS, 200, {
              **EXECUTED, "result": "OK", "lines": [{"message": MESSAGE, "perf": PERF_TEXT}]}),
          Call("/queries/mock_query/commands/execute" + ARGUMENTS, 200,
               f"{MESSAGE}|{PERF_TEXT}\n", TEXT, headers=AS_TEXT),
          Call("/queries/check_warning/commands/execute?message=w", 202, "w\n", TEXT,
               headers=AS_TEXT),
          Call("/queries/check_critical/commands/execute?message=c", 500, "c\n", TEXT,
               headers=AS_TEXT),
          Call("/queries/nosuch/commands/execute", 503, "Unknown command(s): nosuch\n", TEXT,
               headers=AS_TEXT),
          bad("/queries/mock_query/commands/nosuch", 404, "unknown command: nosuch")),
    route("GET /scripts", "scripts.list.runtimes", Call("/scripts", 200, [
        {"name": "ext", "module": "CheckExternalScripts", "title": str,
         "runtime_url": "{base}/api/{v}/scripts/ext"}])),
    # First, so that there is one to be read and one to be deleted.
    route("PUT /scripts/{runtime}/{script}", ASKS,
          Call("/scripts/ext/scripts/of_{v}.sh", 200, "Added of_{v} as scripts/of_{v}.sh", TEXT,
               SCRIPT),
          bad("/scripts/ext/a:b", 400, "Invalid script name", SCRIPT),
          bad("/scripts/nosuch/a.sh", 500, NO_MODULE, SCRIPT)),
    route("GET /scripts/{runtime}", ASKS, Call("/scripts/ext", 200, Each(str, 1)),
          bad("/scripts/a%20b", 400, BAD_NAME), bad("/scripts/nosuch", 500, NO_MODULE)),
    route("GET /scripts/{runtime}/{script}", ASKS,
          Call("/scripts/ext/scripts/of_{v}.sh", 200, SCRIPT, TEXT),
          bad("/scripts/ext/a:b", 400, "Invalid script name"),
          bad("/scripts/ext/nosuch", 500, NO_SCRIPT)),
    route("DELETE /scripts/{runtime}/{script}", ASKS,
          Call("/scripts/ext/scripts/of_{v}.sh", 200, "Script file was removed", TEXT),
          bad("/scripts/ext/a:b", 400, "Invalid script name"),
          bad("/scripts/ext/nosuch", 500, NO_SCRIPT)),
    route("GET /aliases", "aliases.list", Call("/aliases", 200, Each(NAME, 5))),

    route("GET /logs", "logs.list", Call("/logs", 200, Each(LOG_ENTRY)),
          bad("/logs?per_page=1", 400, "Invalid request")),
    route("POST /logs", "logs.put", Call("/logs", 200, "", JSON, {
        "level": "info", "message": "from the table", "file": "rest.py", "line": 1}),
          bad("/logs", 400, PARSE, "{"),
          bad("/logs", 422, "The field \"message\" must be a string", {"message": 7})),
    route("DELETE /logs", "logs.delete", Call("/logs", 200, {"count": 0})),
    route("GET /logs/since", "logs.list", Call("/logs/since", 200, Each(LOG_ENTRY)),
          bad("/logs/since?per_page=501", 400, "Invalid request")),
    route("GET /logs/status", "logs.list",
          Call("/logs/status", 200, {"errors": int, "last_error": str})),
    route("DELETE /logs/status", "logs.list", Call("/logs/status", 200, "")),

    # What they send has no end.
    *(route(f"GET /{kind}/stream", f"{kind}.list",
            bad(f"/{kind}/stream?since=x", 400, "Invalid request")) for kind in ("logs", "events")),
    route("GET /metrics", "metrics.list",
          Call("/metrics", 200, Map(OneOf(int, float, str))), versions=("v2",)),
    route("GET /openmetrics", "openmetrics.list", Call(
        "/openmetrics", 200, OPEN_METRICS, "text/plain; version=0.0.4; charset=utf-8"),
        versions=("v2",)),
    route("GET /events", "events.list", Call("/events", 200, Each(EVENT))),
    route("DELETE /events", "events.delete", Call("/events", 200, Each(EVENT))),
    route("GET /tags", "tags.get", Call("/tags", 200, Map(str)), versions=("v2",)),
    route("GET /metadata", "metadata.list", Call("/metadata", 200, [
        {"name": "counters", "title": "Performance counters",
         "url": "{base}/api/{v}/metadata/counters"},
        {"name": "channels", "title": "Registered submission channels",
         "url": "{base}/api/{v}/metadata/channels"}])),
    route("GET /metadata/counters", "metadata.get.counters",
          Call("/metadata/counters", 200, ["\\System\\Processes"])),
    route("GET /metadata/channels", "metadata.get.channels",
          Call("/metadata/channels", 200, [{"name": "NSCA", "plugins": ["Mock"]}])),

    route("GET /settings", "settings.get", Call("/settings", 200, Each(SETTING, 3))),
    route("GET /settings/{path}", "settings.get",
          Call("/settings/settings/default", 200, Each(SETTING, 2))),
    route("PUT /settings", "settings.put", *settings_put("/settings")),
    route("PUT /settings/{path}", "settings.put", *settings_put("/settings/settings/x")),
    route("DELETE /settings", "settings.delete", *settings_delete("/settings", True)),
    route("DELETE /settings/{path}", "settings.delete",
          *settings_delete("/settings/settings/x", False)),
    route("GET /settings/descriptions", "settings.get",
          *descriptions("/settings/descriptions?recursive=true")),
    route("GET /settings/descriptions/{path}", "settings.get",
          *descriptions("/settings/descriptions/settings/default?recursive=true")),
    route("GET /settings/status", "settings.get", Call("/settings/status", 200, {
        "context": re.compile("ini://.*"), "type": "ini", "has_changed": bool})),
    route("GET /settings/diff", "settings.get", Call("/settings/diff", 200, {
        "entries": Each(DIFFERENCE), "count": int})),
    # What the other calls have left in memory goes away again.
    route("POST /settings/command", "settings.put",
          Call("/settings/command", 200, {"status": "success"}, JSON, {"command": "load"}),
          bad("/settings/command", 400, PARSE, "{"),
          bad("/settings/command", 404, "Unknown command: nosuch", {"command": "nosuch"}),
          bad("/settings/command", 422, "The field \"command\" must be save, load or reload", {})),

    route("POST /query.pb", "legacy",
          Call("/query.pb", 200, BINARY, PROTOBUF, encode([(2, [(2, "check_ok")])])),
          bad("/query.pb", 500, "500 Query failed", "no message"), versions=()),
    route("POST /settings/query.pb", "legacy",
          # A request of no known kind has an answer, which says so.
          Call("/settings/query.pb", 200, BINARY, PROTOBUF, encode([(2, [(2, "x")])])),
          bad("/settings/query.pb", 500, "500 Query failed", "no message"), versions=()),
    route("GET /query/{name}", "legacy", Call("/query/mock_query" + ARGUMENTS, 200, LEGACY),
          versions=()),
    *(route(f"{method} /auth/token", OPEN,
            Call("/auth/token?password={password}", 200, {"status": "ok", "auth token": TOKEN},
                 headers=tuple(ICINGA.items())),
            Call("/auth/token?password={password}", 410, {"status": "error", "message": str}),
            Call("/auth/token?password=wrong", 403, "403 You're not allowed", TEXT,
                 headers=tuple(ICINGA.items())), versions=()) for method in ("GET", "POST")),
    *(route(f"{method} /auth/logout", OPEN,
            Call("/auth/logout?token=x", 200, {"status": "ok", "auth token": ""},
                 headers=tuple(ICINGA.items())),
            Call("/auth/logout?token=x", 410, {"status": "error", "message": str}),
            versions=()) for method in ("GET", "POST")),
    route("POST /console/exec", "console.exec",
          Call("/console/exec?command=help", 200, {"status": "ok"}),
          Call("/console/exec?command=" + "x" * 17000, 422, re.compile(".*16384 bytes.*"),
               TEXT), versions=()),
    route("GET /log/status", "legacy",
          Call("/log/status", 200, {"status": {"count": int, "error": str}}), versions=()),
    route("GET /log/messages", "legacy", Call("/log/messages", 200, {"log": {
        "data": Each({"file": str, "line": int, "type": LEVEL, "date": DATE, "message": str}),
        "pos": int}}), versions=()),
    route("POST /log/reset", "legacy", Call("/log/reset", 200, {"status": "ok"}), versions=()),
    route("GET /metrics", "legacy", Call("/metrics", 200, Map(Map(ANY))), versions=()),
    route("GET /core/isalive", OPEN, Call("/core/isalive", 200, {"status": "ok"}), versions=()),
    route("GET /health/live", OPEN, Call("/health/live", 200, {"status": "ok"}), versions=()),
    route("GET /health/ready", OPEN, Call("/health/ready", 200, {"status": "ready"}),
          versions=()),
    route("GET /", OPEN, Call("/", 200, PAGE, HTML), versions=()),
    route("GET /index.html", OPEN, Call("/index.html", 200, PAGE, HTML), versions=()),
    *(route(f"GET /{name}", OPEN, Call(f"/{name}", 200, text, FILE_KINDS[name.split(".")[1]]),
            versions=()) for name, text in FILES.items()),
    *(row for word in ("modules", "queries", "settings", "logs", "events", "about", "login")
      for row in places(word)),
    route("GET /metrics/{rest}", OPEN, Call("/metrics/a/b", 200, PAGE, HTML), versions=()),
    # The last one: what it asks for comes after its answer.
    route("POST /core/reload", "legacy", Call("/core/reload", 200, {"status": "reload"}),
          versions=()),
)
# Answers that need an agent of their own, or one that is at its end, and the test that shows them.
ELSEWHERE = {
    ("GET /metadata/counters", 500): "test_rest_telemetry",
    ("POST /settings/command", 500): "settings_test.cpp of the gateway",
    ("GET /logs/stream", 200): "test_rest_streams", ("GET /logs/stream", 503): "test_rest_streams",
    ("GET /events/stream", 200): "test_rest_streams",
    ("GET /events/stream", 503): "test_rest_streams",
    ("POST /core/reload", 500): "legacy_test.cpp",
    ("POST /console/exec", 500): "legacy_test.cpp",
    ("GET /nscp.png", 404): "test_rest", ("GET /assets/index.js", 404): "test_rest",
    ("GET /assets/index.css", 404): "test_rest",
    ("PUT /scripts/{runtime}/{script}", 413): "test_rest_scripts",
    ("PUT /scripts/{runtime}/{script}", 503): "scripts_test.cpp",
    ("GET /health/ready", 503): "telemetry_test.cpp of the gateway",
}


def filled(example, values):
    """The example with {base} and {v} in place of these words."""
    if isinstance(example, str):
        return put(example, values)
    if isinstance(example, re.Pattern):
        return re.compile(put(example.pattern, {k: re.escape(v) for k, v in values.items()}))
    if isinstance(example, dict):
        return {key: filled(value, values) for key, value in example.items()}
    if isinstance(example, list):
        return [filled(value, values) for value in example]
    if isinstance(example, Each):
        return Each(filled(example.item, values), example.least)
    if isinstance(example, Map):
        return Map(filled(example.value, values))
    if isinstance(example, OneOf):
        return OneOf(*(filled(one, values) for one in example.examples))
    return example


def put(text, values):
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
