"""An agent as a package installs it, for pages that show a user's commands: `nscp`, `sudo` and `systemctl` are
programs of a folder of its own, and /etc/nsclient stands there too. A context manager; at the end nothing is left.
"""
import os
import shutil
import signal
import subprocess
import tempfile

from support import transcript
from support.agent import BIN, free_port, processes, wait_for

PORT = "8443"  # as the pages say
END_LIMIT = 15.0
# What a package lays down.
EMPTY_INI = "; The settings of the agent: see docs/settings.md.\n"

NSCP = """#!/bin/bash
[ $# -eq 0 ] && exec {bin}/nscp
context=$1
shift
exec {bin}/nscp "$context" {options} "$@"
"""
SUDO = """#!/bin/bash
exec "$@"
"""
# Waits for the start and the end of the agent, as systemd does.
SYSTEMCTL = """#!/bin/bash
stop() {{
  [ -f {folder}/pid ] || return 0
  kill "$(cat {folder}/pid)" 2>/dev/null
  while kill -0 "$(cat {folder}/pid)" 2>/dev/null; do sleep 0.01; done
  rm {folder}/pid
}}
start() {{
  nscp service --run --log-backend console >{folder}/console 2>&1 </dev/null &
  echo $! >{folder}/pid
  for ((try = 0; try < 3000; ++try)); do
    curl -ksfo {folder}/ready https://127.0.0.1:{port}/health/ready && return 0
    kill -0 "$(cat {folder}/pid)" 2>/dev/null || break
    sleep 0.01
  done
  cat {folder}/console
  return 1
}}
case $1 in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
esac
"""


class Installed:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="nscp-installed-", dir="/tmp")
        self.port = free_port()
        self.etc = os.path.join(self.folder, "etc")
        os.makedirs(os.path.join(self.etc, "nsclient"))
        with open(os.path.join(self.etc, "nsclient", "nsclient.ini"), "w", encoding="utf-8") as f:
            f.write(EMPTY_INI)
        tokens = {"etc": self.etc, "module-path": os.path.join(BIN, "modules")}
        for token in ("certificate", "data", "log", "runtime", "web"):
            tokens[token + "-path"] = os.path.join(self.folder, token)
        options = " ".join(f"--path-override {token}={value}" for token, value in tokens.items())
        os.mkdir(os.path.join(self.folder, "bin"))
        for name, text in (("nscp", NSCP), ("sudo", SUDO), ("systemctl", SYSTEMCTL)):
            path = os.path.join(self.folder, "bin", name)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text.format(bin=BIN, options=options, folder=self.folder, port=self.port)
                        if name != "sudo" else text)
            os.chmod(path, 0o755)
        return self

    def _here(self, text):
        return text.replace(PORT, str(self.port)).replace("/etc/nsclient", self.etc + "/nsclient")

    def _there(self, text):
        return text.replace(self.etc, "/etc").replace(str(self.port), PORT)

    def run(self, page):
        """[(line number, command, expected lines, output)] of a page's commands, in one shell."""
        found = transcript.commands(page)
        here = [(number, self._here(command), expected) for number, command, expected in found]
        done = subprocess.run(
            ["bash"], input=transcript.script(here), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=120, cwd=self.folder, check=False,
            env={"PATH": self.folder + "/bin:" + os.environ["PATH"], "LC_ALL": "C.UTF-8",
                 "TERM": "dumb", "NSCP_TEST_FOLDER": self.folder, "HOME": self.folder,
                 **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}})
        printed = transcript.outputs(self._there(done.stdout))
        assert len(printed) == len(found), done.stdout
        return [(*command, output) for command, output in zip(found, printed)]

    def __exit__(self, *_):
        try:
            pid_file = os.path.join(self.folder, "pid")
            if os.path.exists(pid_file):
                with open(pid_file, encoding="utf-8") as f:
                    os.kill(int(f.read()), signal.SIGTERM)
            wait_for("the end of the agent", END_LIMIT, lambda: not processes(self.folder))
        finally:
            for pid in processes(self.folder):
                os.kill(pid, signal.SIGKILL)
            shutil.rmtree(self.folder, ignore_errors=True)
