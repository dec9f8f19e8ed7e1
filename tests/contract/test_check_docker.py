"""CheckDocker on a live agent, against an engine that is played."""
import json
import os
import tempfile
import threading
import time
import unittest
import urllib.parse

from support.agent import Agent
from support.engine import Engine

COMMANDS = ("check_docker", "check_docker_info", "check_docker_stats", "check_docker_restarts",
            "check_docker_df")
FILTER_OPTIONS = ("filter=names like 'w'", "warning=none", "warn=none", "critical=none",
                  "crit=none", "ok=names = 'web'", "debug=true", "show-all", "empty-state=ok",
                  "perf-config=*(unit:x)", "escape-html", "list-separator=;", "top-syntax=${list}",
                  "ok-syntax=fine", "empty-syntax=nothing", "detail-syntax=${names}",
                  "perf-syntax=p", "all", "all=false", "container=web", "timeout=5")
WAIT = 20  # s: much more than anything here takes


def container(number, name, state="running", status="Up 2 hours", **fields):
    return {"Id": f"{number:064x}", "Names": ["/" + name], "Image": "img:1", "ImageID": "sha256:ab",
            "Command": "run", "Created": 1700000000, "Ports": [], "Labels": {}, "State": state,
            "Status": status, "NetworkSettings": {"Networks": {}}, **fields}


def stats(busy=500000000, used=100 << 20, limit=1 << 30):
    return {"cpu_stats": {"cpu_usage": {"total_usage": 10**9 + busy}, "online_cpus": 2,
                          "system_cpu_usage": 3 * 10**9},
            "precpu_stats": {"cpu_usage": {"total_usage": 10**9}, "system_cpu_usage": 10**9},
            "memory_stats": {"usage": used + 4096, "limit": limit,
                             "stats": {"inactive_file": 4096}}}


def inspected(restarts=0, oom=False, status="running", started=None, code=0):
    started = time.time() - 60 if started is None else started
    return {"RestartCount": restarts, "State": {
        "Status": status, "OOMKilled": oom, "ExitCode": code,
        "StartedAt": time.strftime("%Y-%m-%dT%H:%M:%S.5Z", time.gmtime(started))}}


class CheckDocker(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.socket = os.path.join(cls.folder, "engine.sock")
        ini = f"[/settings/docker]\nendpoint = {cls.socket}\n"
        cls.agent = cls.enterClassContext(Agent(modules=("CheckDocker",), ini=ini)).start()

    def setUp(self):
        self.engine = self.play(self.socket)

    def play(self, path, **options):
        engine = self.enterContext(Engine(path, **options))
        self.addCleanup(lambda: os.path.exists(path) and os.remove(path))
        return engine

    def ask(self, command, *arguments, result=None, text=None):
        query = [urllib.parse.quote(a, safe="=") for a in arguments]
        state, message = self.agent.check(command, *query)
        if result is not None:
            self.assertEqual(state, result, message)
        if text is not None:
            self.assertIn(text, message)
        return message

    def give(self, *containers):
        """The list, of running ones and of all."""
        self.engine.pages["/containers/json"] = [c for c in containers if c["State"] == "running"]
        self.engine.pages["/containers/json?all=1"] = list(containers)
        return containers

    def test_states(self):
        self.give(container(1, "web", status="Up 3 hours (unhealthy)", Labels={"app": "web"}),
                  container(2, "db", "exited", "Exited (0) 1 second ago"))
        self.assertEqual(self.ask("check_docker", result=0), "OK: web=running")
        self.assertEqual(self.engine.requests, ["/version", "/v1.41/containers/json"])
        self.assertEqual(self.ask("check_docker", "all", result=2),
                         "CRITICAL: web=running, db=exited")
        self.ask("check_docker", "container=db", "container=none", result=2,
                 text="CRITICAL: db=exited, none=missing")
        self.ask("check_docker", "crit=health = 'unhealthy'", result=2)
        self.ask("check_docker", "filter=labels like 'app=db'", result=1,
                 text="No containers found")
        self.give()
        self.ask("check_docker", result=1, text="No containers found")
        self.ask("check_docker", "empty-state=ok", result=0)

    def test_the_engine_itself(self):
        self.engine.pages["/info"] = {
            "ServerVersion": "20.10.24", "Name": "box", "OperatingSystem": "Debian", "Images": 7,
            "Containers": 5, "ContainersRunning": 3, "ContainersPaused": 1, "ContainersStopped": 1}
        self.assertEqual(self.ask("check_docker_info", result=0), "OK: docker 20.10.24 on box: "
                         "3 running, 1 paused, 1 stopped containers, 7 images")
        self.ask("check_docker_info", "warn=containers > 4", result=1)
        self.engine.pages["/system/df"] = {
            "LayersSize": 5 << 30, "Images": [{"Containers": 0, "Size": 5 << 30, "SharedSize": 0}],
            "Containers": [], "Volumes": None, "BuildCache": [{"Size": 1 << 20, "InUse": True}]}
        self.assertEqual(self.ask("check_docker_df", result=0),
                         "OK: 1 images 5GB (5GB reclaimable), 0 containers 0B (0B reclaimable), "
                         "0 volumes 0B (0B reclaimable), build cache 1MB (0B reclaimable)")
        self.ask("check_docker_df", "crit=total_reclaimable > 4g", result=2)

    def test_figures_are_asked_for_at_the_same_time(self):
        many = self.give(*(container(n, f"c{n}") for n in range(20)))
        gate = threading.Barrier(20)

        def slow(handler):
            gate.wait(WAIT)  # nobody is answered before all have asked
            handler.answer(200, stats())
        for one in many:
            self.engine.pages[f"/containers/{one['Id']}/stats?stream=false"] = slow
        self.ask("check_docker_stats", "top-syntax=%(count) %(list)", result=0,
                 text="20 c0: cpu 50.00%, memory 100MB (9.77%), c1")

    def test_one_that_vanishes_and_one_that_is_silent(self):
        web, gone, hung = self.give(container(1, "web"), container(2, "gone"),
                                    container(3, "hung"))
        self.engine.pages[f"/containers/{web['Id']}/stats?stream=false"] = stats()
        self.engine.pages[f"/containers/{hung['Id']}/stats?stream=false"] = stats(busy=0)
        text = "web: cpu 50.00%, memory 100MB (9.77%)"
        self.assertEqual(self.ask("check_docker_stats", "container=web", "container=gone",
                                  result=0), "OK: " + text)
        self.ask("check_docker_stats", "crit=cpu_pct > 40", result=2, text="hung: cpu 0.00%")
        self.engine.pages[f"/containers/{hung['Id']}/stats?stream=false"] = (
            lambda handler: self.engine.ending.wait(WAIT))
        start = time.monotonic()
        self.ask("check_docker_stats", "timeout=1", result=3,
                 text=f"UNKNOWN: {text} (no answer: hung: asking {self.socket} for")
        self.assertLess(time.monotonic() - start, 5)
        self.engine.pages[f"/containers/{hung['Id']}/stats?stream=false"] = (
            500, {"message": "cannot read cgroup"})
        self.ask("check_docker_stats", result=3, text="status 500: cannot read cgroup")
        self.ask("check_docker_stats", "crit=cpu_pct > 40", result=2)

    def test_restarts(self):
        web, db = self.give(container(1, "web"), container(2, "db", "exited"))
        self.engine.pages[f"/containers/{web['Id']}/json"] = inspected(restarts=4)
        self.engine.pages[f"/containers/{db['Id']}/json"] = inspected(status="exited", code=1)
        self.assertEqual(self.ask("check_docker_restarts", result=1),
                         "WARNING: web: 4 restarts, running, db: 0 restarts, exited")
        self.engine.pages[f"/containers/{web['Id']}/json"] = inspected(4, started=1700000000)
        self.ask("check_docker_restarts", result=0)
        self.engine.pages[f"/containers/{db['Id']}/json"] = inspected(1, True, "exited", code=137)
        self.ask("check_docker_restarts", result=2)
        self.ask("check_docker_restarts", "container=web", "container=no", result=3,
                 text="no: there is no such container")

    def test_hostile_answers(self):
        for chunked in (True, False):
            path = os.path.join(self.folder, f"other{chunked}.sock")
            engine = self.play(path, chunked=chunked)
            rows = {
                b"<html>": "answers no JSON", b"": "answers no JSON", b"{}": "is none",
                b"[" * 100000: "32 levels", b'[{"Id": ' + b" " * (17 << 20): "larger than",
                b'[{"Id": "ab", "Id": "cd"}]': "stands twice"}
            for body, text in rows.items():
                engine.pages["/containers/json"] = body
                self.ask("check_docker", f"host={path}", result=3, text=text)
            engine.pages["/containers/json"] = (500, {"message": "it burns"})
            self.ask("check_docker", f"host=unix://{path}", result=3, text="status 500: it burns")
            engine.pages["/containers/json"] = json.dumps(
                [container(1, "m?ry")]).encode().replace(b"m?ry", b"m\xe4ry")
            self.ask("check_docker", f"host={path}", result=0, text="m\ufffdry=running")
            many = [container(n, f"container{n}") for n in range(5000)]
            engine.pages["/containers/json"] = many
            self.ask("check_docker", f"host={path}", "top-syntax=%(count)", result=0, text="5000")

    def test_an_engine_that_does_not_speak_http(self):
        def garbage(handler):
            handler.wfile.write(b"\0\xff\r\n" * 100)
            handler.close_connection = True

        def endless(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not self.engine.ending.is_set():
                handler.wfile.write(b" " * 65536)

        def cut(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]")
            handler.close_connection = True
        for page, text in ((garbage, "no answer in HTTP"), (endless, "larger than"),
                           (cut, "not whole")):
            self.engine.pages["/containers/json"] = page
            self.ask("check_docker", result=3, text=text)
        self.engine.pages["/version"] = lambda handler: self.engine.ending.wait(WAIT)
        start = time.monotonic()
        self.ask("check_docker", "timeout=1", result=3, text="no answer in time")
        self.assertLess(time.monotonic() - start, 5)

    def test_versions_of_the_interface(self):
        self.give(container(1, "web"))
        for version, prefix in (({"ApiVersion": "1.52", "MinAPIVersion": "1.44"}, "/v1.44"),
                                ({"ApiVersion": "1.30", "MinAPIVersion": "1.12"}, "/v1.30"),
                                ((404, {"message": "none"}), "")):
            self.engine.pages["/version"] = version
            self.ask("check_docker", result=0)
            self.assertEqual(self.engine.requests[-1], prefix + "/containers/json")

    def test_sockets_that_are_none(self):
        missing = os.path.join(self.folder, "none.sock")
        for command in COMMANDS:
            self.ask(command, f"host={missing}", result=3,
                     text="is the container engine running")
        plain = os.path.join(self.folder, "plain")
        with open(plain, "w", encoding="utf-8"):
            pass
        self.ask("check_docker", f"host={plain}", result=3, text="Connection refused")
        for host in ("tcp://127.0.0.1:2375", "http://127.0.0.1", "here.sock"):
            self.ask("check_docker", f"host={host}", result=3, text="is no local socket")
        self.ask("check_docker", "host=/" + "x" * 200, result=3, text="no path of a Unix socket")

    def test_help_defaults_and_options(self):
        for command in COMMANDS:
            self.ask(command, "help", result=0, text="host")
            self.ask(command, "help-short", result=0, text="timeout")
            self.ask(command, "foo=1", result=3, text="unrecognised option 'foo=1'")
            self.ask(command, "timeout=soon", result=3, text="is invalid")
        defaults = {"check_docker": ['"critical=container_state != \'running\'"',
                                     '"empty-state=warning"', '"detail-syntax=${names}='
                                     '${container_state}"', '"empty-syntax=No containers found"'],
                    "check_docker_info": ['"empty-state=unknown"'],
                    "check_docker_stats": ['"empty-state=ok"', '"empty-syntax=No running '
                                           'containers"', '"detail-syntax=${names}: cpu ${cpu_pct}'
                                           '%, memory ${memory} (${memory_pct}%)"'],
                    "check_docker_restarts": ['"warning=restart_count > 3 and started < 15m and '
                                              'started >= 0"', '"critical=oom_killed = 1"'],
                    "check_docker_df": ['"timeout=60"', '"perf-syntax=docker"',
                                        '"detail-syntax=${message}"']}
        for command, texts in defaults.items():
            for text in texts:
                self.ask(command, "show-default", result=0, text=text)
        self.give(container(1, "web"))
        for option in FILTER_OPTIONS:
            self.assertNotRegex(self.ask("check_docker", option), "Invalid|Failed", option)


if __name__ == "__main__":
    unittest.main()
