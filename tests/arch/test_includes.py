"""Who may depend on whom: reads the includes of every source and holds them to a table.

docs/architecture.md explains the rules. Run it alone: python3 -m unittest tests/arch/test_includes.py
"""
import os
import re
import subprocess
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SOURCE = re.compile(r"\.(h|cpp|cc|c)$")
INCLUDE = re.compile(r"^\s*#\s*include\s*([<\"])([^>\"]+)[>\"]")

# Where own headers may come from: first matching folder counts. "." is the file's own room.
OWN = [
    ("proto/", ["proto/"]),
    ("kernel/supervisor/", ["kernel/supervisor/", "proto/"]),
    ("kernel/broker/", ["kernel/broker/", "kernel/policy/", "proto/"]),
    ("kernel/modules/", ["kernel/modules/", "kernel/settings/", "proto/"]),
    ("kernel/settings/", ["kernel/settings/", "proto/"]),
    ("kernel/policy/", ["kernel/policy/", "proto/"]),
    ("kernel/telemetry/", ["kernel/telemetry/", "proto/"]),
    ("kernel/console/", ["kernel/console/", "proto/"]),
    ("kernel/output/", ["kernel/output/", "proto/"]),
    ("kernel/packages/", ["kernel/packages/", "archive/", "kernel/modules/", "kernel/settings/", "proto/"]),
    ("kernel/storage/", ["kernel/storage/", "kernel/settings/", "proto/"]),
    ("kernel/remote/", ["kernel/remote/", "archive/", "kernel/settings/",
                        "kernel/supervisor/", "fetch/request.h", "fetch/url.h", "proto/"]),
    ("kernel/cli/", ["kernel/", "archive/", "proto/"]),
    ("kernel/", ["kernel/", "proto/"]),
    ("json/", ["json/", "proto/"]),
    ("fetch/", ["fetch/", "proto/"]),
    ("archive/", ["archive/", "proto/"]),
    ("gateway/http/", ["gateway/http/", "proto/"]),
    ("gateway/auth/", ["gateway/auth/", "gateway/http/http.h", "workers/sdk/", "proto/"]),
    ("gateway/", ["gateway/", "workers/sdk/", "workers/legacy/", "fetch/", "archive/", "json/",
                  "proto/"]),
    ("workers/sdk/", ["workers/sdk/", "proto/"]),
    ("workers/checks/", ["workers/checks/", "workers/sdk/check_result.h",
                         "workers/sdk/idle_host.h", "workers/sdk/module.h",
                         "workers/sdk/objects.h", "proto/"]),
    ("workers/legacy/", ["workers/legacy/", "workers/sdk/check_result.h", "proto/"]),
    ("workers/net/", ["workers/net/", "fetch/", "proto/"]),
    ("workers/process/", ["workers/process/", "proto/"]),
    ("workers/wmi/", ["workers/wmi/", "proto/"]),
    # The checks that download or speak HTTP to a local service.
    ("workers/check_nscp/", ["workers/check_nscp/", "workers/sdk/", "workers/checks/", "fetch/",
                             "json/", "proto/"]),
    ("workers/check_docker/", ["workers/check_docker/", "workers/sdk/", "workers/checks/",
                               "fetch/", "json/", "proto/"]),
    ("workers/scripts/", ["workers/scripts/", "workers/sdk/command_line.h", "workers/sdk/module.h",
                          "json/", "proto/"]),
    ("workers/", [".", "workers/sdk/", "workers/checks/", "workers/legacy/", "workers/net/",
                  "workers/process/", "workers/scripts/", "workers/wmi/", "json/", "proto/"]),
]

GRPC_PLACES = ("proto/cpp/", "kernel/broker/link.cpp", "kernel/service/", "workers/sdk/", "tests/")
# A library's headers, and the only places that may know them.
LIBRARIES = [
    (re.compile(r"^grpc(pp)?/|\.grpc\.pb\.h$"), GRPC_PLACES),
    (re.compile(r"^httplib\.h$"), ("gateway/http/", "fetch/exchange.cpp")),
    (re.compile(r"^rapidjson/"), ("json/",)),
    (re.compile(r"^zip\.h$"), ("archive/", "tests/")),
    (re.compile(r"^ares\.h$"), ("workers/net/",)),
    (re.compile(r"^lua\.hpp$|^lua.*\.h$"), ("workers/lua_script/",)),
    (re.compile(r"^histedit\.h$"), ("kernel/cli/line_editor_posix.cpp",)),
    (re.compile(r"^systemd/"), ("workers/check_system/systemd_session_posix",
                               "workers/check_system/service_manager_posix.cpp")),
    # Modules see neither messages nor gRPC; the faces of the agent see messages, and so does
    # the one file that asks the kernel how it is.
    (re.compile(r"^(nscp/v1/.*\.pb\.h|google/protobuf/.*)$"),
     ("proto/cpp/", "kernel/", "gateway/", "workers/sdk/", "workers/check_nscp/kernel_view",
      "tests/")),
    (re.compile(r"^nscp/v1/"), ("proto/cpp/", "kernel/broker/", "kernel/core/", "kernel/service/",
                                "kernel/modules/", "kernel/settings/", "kernel/policy/",
                                "kernel/telemetry/", "kernel/console/", "kernel/packages/", "kernel/storage/",
                                "kernel/cli/",
                                "gateway/", "workers/sdk/", "tests/")),
    # NSClient++'s own messages; everybody else sees them as plain types.
    (re.compile(r"^legacy/.*\.pb\.h$"), ("workers/legacy/", "gateway/legacy/", "tests/")),
    (re.compile(r"^windows\.h$|^winsock2\.h$"), ("_win32.cpp", "_win32.c", "_win32.h")),
    (re.compile(r"^wbem\w+\.h$"), ("workers/wmi/wmi_win32.cpp",)),
]
# The plain part of the SDK: what a module's code and the engine include.
PLAIN_SDK = ("workers/sdk/check_result", "workers/sdk/idle_host.h", "workers/sdk/module.h", "workers/sdk/settings.cpp", "workers/sdk/objects",
             "workers/sdk/perf_parse.cpp", "workers/sdk/run.h")

# Words that belong to few places.
WORDS = [
    (re.compile(r"\b_WIN32\b|\b__MINGW32__\b"), ()),
    (re.compile(r"\bposix_spawn|\bv?fork\s*\(|\bexecv[pe]*\s*\("),
     ("kernel/supervisor/", "workers/process/", "tests/")),
    (re.compile(r"(?<![\w.>])(::)?kill\s*\(|\bpidfd_"),
     ("kernel/supervisor/", "workers/process/", "tests/")),
    (re.compile(r"\.detach\(\)"), ()),
]


def sources():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True,
                            capture_output=True, check=True).stdout.split("\n")
    return [f for f in listed if SOURCE.search(f) and os.path.exists(os.path.join(ROOT, f))]


def allowed(path, places):
    return any(path.startswith(p) or (p.startswith("_") and path.endswith(p)) for p in places)


def is_test(path):
    """Test programs and the headers that only they share lie beside their room."""
    name = os.path.basename(path)
    return "_test" in name or "test_" in name or "fixture" in name


def check_own(path, header):
    if path.startswith("tests/"):
        return None
    for folder, targets in OWN:
        if not path.startswith(folder):
            continue
        own_room = "/".join(path.split("/")[:2]) + "/"
        targets = [own_room if t == "." else t for t in targets]
        if is_test(path):
            targets = targets + ["tests/", own_room]
        if not any(header.startswith(t) for t in targets):
            return f"{path} includes {header}: {folder} may include only {', '.join(targets)}"
        return None
    return None


def check_include(path, quote, header):
    own = header.split("/")[0] in ("proto", "kernel", "gateway", "workers", "fetch", "archive", "json",
                                    "tests")
    if quote == '"' and own:
        return check_own(path, header)
    for pattern, places in LIBRARIES:
        if pattern.search(header) and not allowed(path, places):
            return f"{path} includes {header}: only {', '.join(places)} may"
    if path.startswith(PLAIN_SDK) and re.search(r"\.pb\.h$", header):
        return f"{path} includes {header}: the plain part of the SDK knows no message"
    return None


def strip(line):
    return re.sub(r'"(\\.|[^"\\])*"', '""', line).split("//")[0]


def check_words(path, line):
    for pattern, places in WORDS:
        if is_test(path) and places:
            continue
        if pattern.search(strip(line)) and not allowed(path, places):
            return f"{path}: {line.strip()}: " + (
                f"only {', '.join(places)} may" if places else "nowhere")
    return None


def problems_of(path, text):
    found = []
    for line in text.split("\n"):
        include = INCLUDE.match(line)
        problem = (check_include(path, *include.groups()) if include
                   else check_words(path, line))
        if problem:
            found.append(problem)
    return found


class Includes(unittest.TestCase):
    def test_every_source_keeps_to_the_table(self):
        files = sources()
        self.assertGreater(len(files), 100)
        problems = []
        for path in files:
            with open(os.path.join(ROOT, path), encoding="utf-8") as f:
                problems += problems_of(path, f.read())
        print(f"{len(files)} sources read, {len(problems)} against the rules")
        self.assertEqual(problems, [])

    def test_the_rules_catch_what_they_are_for(self):
        bad = {
            "kernel/supervisor/x.cpp": "#include <grpcpp/grpcpp.h>",
            "kernel/broker/broker.cpp": '#include "kernel/supervisor/supervisor.h"',
            "kernel/broker/queue.cpp": '#include "nscp/v1/worker.grpc.pb.h"',
            "gateway/api/queries.cpp": "#include <httplib.h>",
            "kernel/remote/downloads.cpp": '#include "fetch/fetch.h"',
            "fetch/fetch.cpp": '#include "kernel/settings/paths.h"',
            "gateway/auth/users.cpp": "#include <rapidjson/document.h>",
            "kernel/cli/test_command.cpp": "#include <histedit.h>",
            "gateway/ui/source.cpp": "#include <zip.h>",
            "workers/check_net/check_dns.cpp": "#include <ares.h>",
            "workers/check_disk/mounts.cpp": '#include "fetch/socket.h"',
            "archive/archive.h": '#include "kernel/packages/package.h"',
            "gateway/api/execute.cpp": '#include "legacy/query.pb.h"',
            "gateway/api/modules.cpp": '#include "kernel/core/kernel.h"',
            "kernel/core/kernel.cpp": '#include "workers/sdk/module.h"',
            "workers/check_system/cpu.cpp": '#include "workers/check_helpers/aliases.h"',
            "workers/check_disk/files.cpp": '#include "nscp/v1/check.pb.h"',
            "workers/checks/filter.cpp": '#include "workers/sdk/worker_service.h"',
            "proto/cpp/status.h": '#include "kernel/core/desk.h"',
            "workers/check_helpers/run.cpp": "  if (::fork() == 0) return;",
            "gateway/http/server.cpp": "#ifdef _WIN32",
            "kernel/core/desk.h": "    thread_.detach();",
            "workers/check_wmi/check_wmi.cpp": "#include <wbemidl.h>",
            "kernel/core/end.cpp": "  ::kill(pid, SIGKILL);",
        }
        for path, line in bad.items():
            self.assertEqual(len(problems_of(path, line)), 1, f"{path}: {line}")

    def test_what_is_allowed_passes(self):
        good = {
            "kernel/broker/link.cpp": '#include "nscp/v1/worker.grpc.pb.h"',
            "gateway/api/queries.cpp": '#include "proto/cpp/kernel_client.h"',
            "gateway/http/serve.cpp": "#include <httplib.h>",
            "workers/check_system/cpu.cpp": '#include "workers/checks/filter.h"',
            "kernel/supervisor/process_posix.cpp": "  ::kill(-group, SIGKILL);",
            "workers/sdk/sockets_win32.cpp": "#include <winsock2.h>",
            "gateway/http/pool.cpp": '  // a _WIN32 word in a comment, and "fork()" in a text',
        }
        for path, line in good.items():
            self.assertEqual(problems_of(path, line), [], f"{path}: {line}")


if __name__ == "__main__":
    unittest.main()
