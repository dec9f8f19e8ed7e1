"""What tests of checks on a live agent share."""
import json
import os
import subprocess
import unittest
import urllib.parse

from support.agent import Agent


def output(*command):
    return subprocess.run(command, capture_output=True, check=True, timeout=60,
                          env={**os.environ, "LC_ALL": "C"}).stdout.decode(errors="surrogateescape")


class CheckCase(unittest.TestCase):
    """One agent for each class: CheckSystem, and the class's MODULES and INI."""

    INI = ""
    MODULES = ()

    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(modules=("CheckSystem",) + cls.MODULES, ini=cls.INI))
        cls.prepare()
        cls.agent.start()

    @classmethod
    def prepare(cls):
        pass

    def ask(self, command, *arguments):
        """(state, text without performance data)"""
        return self.agent.check(command, *(urllib.parse.quote_plus(a, safe="=") for a in arguments))

    def perf(self, command, *arguments):
        query = "&".join(urllib.parse.quote_plus(a, safe="=") for a in arguments)
        body = self.agent.get(f"/api/v2/queries/{command}/commands/execute?{query}")[1]
        return json.loads(body)["lines"][0]["perf"]

    def rows(self, command, *keywords, also=()):
        """One dictionary for each row."""
        detail = "\t".join(f"%({k})" for k in keywords)
        text = self.ask(command, "warn=none", "crit=none", "top-syntax=%(list)", "empty-syntax=none",
                        "list-separator=\\n", f"detail-syntax={detail}", *also)[1]
        return [dict(zip(keywords, line.split("\t"))) for line in text.split("\n") if line]
