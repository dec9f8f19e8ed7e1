"""The agent for Windows under wine, for tests that are run with NSCP_BIN_DIR=build-windows/bin.

Its Windows is that of WINEPREFIX. Keep a program in it running meanwhile (packaging/windows/test.sh
does): without one, Windows is started anew for each command and ends its services with each."""
import os
import shutil
import subprocess

from support.agent import BIN, SLACK, Agent, wait_for

DRIVE = "Z:"  # of Linux' own files


def running(folder):
    """Unix numbers of the agent's own processes; wine's own keep what the first one was given."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as f:
                marked = f"NSCP_TEST_FOLDER={folder}".encode() in f.read()
            with open(f"/proc/{name}/cmdline", "rb") as f:
                line = f.read()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if marked and b"nscp" in line.split(b"\0", 1)[0]:
            found.append(int(name))
    return found


class WineAgent(Agent):
    def _copy_manifests(self, extra):
        assert not extra, "the modules of Windows are one program"

    def options(self):
        options = ["--settings", DRIVE + self.ini]
        for token in ("certificate", "data", "log", "runtime", "storage"):
            options += ["--path-override", f"{token}-path={DRIVE}{self.folder}/{token}"]
        return options + ["--path-override", f"scripts={DRIVE}{self.folder}/scripts"]

    def environment(self):
        given = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
        kept = {k: v for k, v in os.environ.items() if k in ("HOME", "PATH", "WINEPREFIX")}
        return {**given, **kept, "NSCP_TEST_FOLDER": self.folder}

    def _command(self, *words):
        return ["wine", os.path.join(BIN, "nscp.exe"), *words]

    def nscp(self, context, *arguments, stdin=subprocess.DEVNULL, timeout=60):
        done = subprocess.run(self._command(context, *self.options(), *arguments), stdin=stdin,
                              capture_output=True, timeout=timeout, env=self.environment(),
                              check=False)
        done.stdout = done.stdout.decode(errors="replace").replace("\r", "")
        done.stderr = done.stderr.decode(errors="replace").replace("\r", "")
        return done

    def start(self, wait=True):
        self.log_file = open(os.path.join(self.folder, "console"), "wb")
        self.process = subprocess.Popen(
            self._command("service", *self.options(), "--log-backend", "console",
                          *self.arguments, "--run"),
            stdin=subprocess.DEVNULL, stdout=self.log_file, stderr=subprocess.STDOUT,
            env=self.environment())
        if wait:
            wait_for("the agent to get ready", 120.0, self.ready)
        return self

    def __exit__(self, kind, *_):
        try:
            if self.process is not None:
                # Wine hands no signal to a program of Windows: the kernel dies, and with it its
                # job of workers.
                self.process.kill()
                self.process.wait()
                wait_for("all processes of the agent to be gone", 10 + SLACK,
                         lambda: not running(self.folder))
        finally:
            if kind is not None and self.process is not None:
                print("--- console of the agent\n" + self.console()[-6000:])
            if self.process is not None:
                self.log_file.close()
            shutil.rmtree(self.folder, ignore_errors=True)
