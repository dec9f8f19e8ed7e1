"""The settings file is never torn and nothing that was acknowledged gets lost: through the whole
agent, killed amid its saves, with other writers and editors beside it, and with nowhere to write to.
The test keeps its own list of what was acknowledged."""
import json
import os
import random
import resource
import signal
import subprocess
import threading
import time
import unittest
from http.client import HTTPException

from support.agent import BIN, Agent
from support.case import RestCase

SEED = 20261122
PATH = "/settings/writes"
REST = "/api/v2/settings" + PATH


def keys_of(ini):
    """{key: value} below PATH, and a check that the file is whole, by rules of this test's own."""
    with open(ini, encoding="utf-8") as f:
        text = f.read()
    assert text.endswith("last = line\n"), text
    section, found = None, {}
    for line in text.splitlines():
        if line.startswith("["):
            section = line
        elif section == f"[{PATH}]" and line:
            key, _, value = line.partition(" = ")
            assert key not in found, text
            found[key] = value
    return found


class WritesCase(RestCase):
    INI = f"[{PATH}]\n[/settings/end]\n; a comment\nlast = line\n"

    def make(self):
        self.agent = self.enterContext(Agent(ini=self.INI))
        return self.agent

    def command(self, key, value):
        return [os.path.join(BIN, "nscp"), "settings", *self.agent.options(), "--path", PATH,
                "--key", key, "--set", value]

    def begin(self, key, value, **options):
        return subprocess.Popen(self.command(key, value), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                env=self.agent.environment(), **options)

    def set(self, key, value):
        process = self.begin(key, value)
        text = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 0, text)

    def put(self, key, value):
        body = json.dumps({"key": key, "value": value})
        self.assertEqual(self.agent.request("PUT", REST, body=body)[0], 200)

    def save(self):
        return self.agent.request("POST", "/api/v2/settings/command", body='{"command":"save"}')

    def nothing_lost(self, acknowledged):
        """`acknowledged`: {key: value, or the list of those that are right}."""
        found = keys_of(self.agent.ini)
        for key, value in acknowledged.items():
            self.assertIn(found.get(key), value if isinstance(value, list) else [value])

    def nothing_left(self):
        names = [n for n in os.listdir(self.agent.folder) if n.endswith(".tmp")]
        self.assertEqual(names, [])


class Killed(WritesCase):
    def check_after(self, acknowledged, key, value):
        """After a death amid `key = value`: either value is right until the next save of it."""
        old = acknowledged.get(key)
        acknowledged[key] = (old if isinstance(old, list) else [old]) + [value]
        self.nothing_lost(acknowledged)

    def test_the_agent_is_killed_amid_saves_over_rest(self):
        dice = random.Random(SEED)
        agent, acknowledged, saves, kills = self.make(), {}, 0, 4
        for life in range(kills):
            agent.start()
            killer = threading.Timer(dice.uniform(0.02, 0.3), agent.process.kill)
            killer.start()
            try:
                for n in range(1000):
                    key, value = f"rest {n % 7}", f"{life}.{n}"
                    self.put(key, value)
                    self.assertEqual(self.save()[0], 200)
                    acknowledged[key] = value
                    saves += 1
            except (OSError, HTTPException):
                pass
            finally:
                killer.join()
            self.assertEqual(agent.process.wait(timeout=10), -signal.SIGKILL)
            agent.log_file.close()
            self.check_after(acknowledged, key, value)
        agent.start()
        self.put("the", "end")
        self.assertEqual(self.save()[0], 200)
        self.nothing_lost({**acknowledged, "the": "end"})
        self.nothing_left()
        print(f"{saves} acknowledged saves over REST, {kills} kills, seed {SEED}")

    def kill_commands(self, count):
        dice = random.Random(SEED)
        acknowledged, killed = {}, 0
        begun = time.monotonic()
        self.set("first", "1")
        usual = time.monotonic() - begun
        for n in range(count):
            key = f"key {n % 5}"
            process = self.begin(key, str(n))
            try:
                process.wait(timeout=dice.uniform(0, 1.5 * usual))
            except subprocess.TimeoutExpired:
                process.kill()
            text = process.communicate()[0]
            if process.returncode == 0:
                acknowledged[key] = str(n)
                self.nothing_lost(acknowledged)
            else:
                self.assertEqual(process.returncode, -signal.SIGKILL, text)
                killed += 1
                self.check_after(acknowledged, key, str(n))
        self.set("the", "end")
        self.nothing_left()
        print(f"{count} commands, {killed} killed, seed {SEED}")

    def test_the_command_is_killed_amid_its_save(self):
        self.make()
        self.kill_commands(30)

    def test_the_command_is_killed_while_it_asks_the_running_agent_to_save(self):
        self.make().start()
        self.kill_commands(15)
        self.assertEqual(self.save()[0], 200)


class SideBySide(WritesCase):
    def write_all(self, writers, rest=False):
        """What `writers` commands at a time, and the agent's own save, acknowledged."""
        acknowledged = {}
        for turn in range(4):
            wanted = {f"w{w} {turn}": f"{w}" for w in range(writers)}
            running = [self.begin(k, v) for k, v in wanted.items()]
            if rest:
                self.put(f"rest {turn}", "r")
                status, body, _ = self.save()
                self.assertEqual(status, 200, body)
                wanted[f"rest {turn}"] = "r"
            for process in running:
                text = process.communicate(timeout=60)[0]
                self.assertEqual(process.returncode, 0, text)
            acknowledged.update(wanted)
        self.nothing_lost(acknowledged)
        self.nothing_left()

    def test_two_commands_lose_none_of_each_others_keys(self):
        self.make()
        self.write_all(3)

    def test_commands_and_the_running_agent_lose_none_of_each_others_keys(self):
        self.make().start()
        self.write_all(2, rest=True)

    def test_an_editor_and_the_running_agent_lose_nothing(self):
        agent = self.make().start()
        self.put("waits", "1")
        with open(agent.ini, encoding="utf-8") as f:
            edited = f.read().replace("; a comment", "; by hand\nnew = by hand")
        with open(agent.ini, "w", encoding="utf-8") as f:
            f.write(edited)
        self.assertEqual(self.save()[0], 200)
        self.nothing_lost({"waits": "1"})
        with open(agent.ini, encoding="utf-8") as f:
            self.assertIn("; by hand\nnew = by hand\n", f.read())

    def test_the_same_key_changed_by_an_editor_is_told_and_stays(self):
        agent = self.make().start()
        self.put("both", "of the agent")
        self.assertEqual(self.save()[0], 200)
        self.put("both", "of the agent again")
        with open(agent.ini, encoding="utf-8") as f:
            edited = f.read().replace("both = of the agent", "both = by hand")
        with open(agent.ini, "w", encoding="utf-8") as f:
            f.write(edited)
        status, body, _ = self.save()
        self.assertNotEqual(status, 200)
        self.assertIn("changed by somebody else", body + agent.console())
        self.assertIn('"both" in [/settings/writes]', body + agent.console())
        with open(agent.ini, encoding="utf-8") as f:
            self.assertEqual(f.read(), edited)
        self.assertTrue(self.json("GET /api/v2/settings/status")["has_changed"])
        self.set("both", "meant")
        self.assertEqual(self.save()[0], 200)
        self.nothing_lost({"both": "meant"})


class NowhereToWrite(WritesCase):
    def refused(self, *words, **options):
        with open(self.agent.ini, "rb") as f:
            old = f.read()
        process = self.begin("big", "v" * 100_000, **options)
        text = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 255, text)
        for word in (self.agent.ini, *words):
            self.assertIn(word, text)
        with open(self.agent.ini, "rb") as f:
            self.assertEqual(f.read(), old)
        self.nothing_left()

    def test_a_disk_without_room(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        self.make()
        self.refused("File too large", "the file is as it was", preexec_fn=limit)

    def test_what_the_running_agent_cannot_write_is_told_over_rest(self):
        agent = self.make()
        agent.start()
        self.put("waits", "1")
        os.rename(agent.ini, agent.ini + ".moved")
        os.mkdir(agent.ini)
        status, body, _ = self.save()
        self.assertIn(status, (500, 503))
        self.assertIn(agent.ini, body)
        os.rmdir(agent.ini)
        os.rename(agent.ini + ".moved", agent.ini)
        self.assertEqual(self.save()[0], 200)
        self.nothing_lost({"waits": "1"})

    def test_a_file_and_a_folder_that_are_read_only(self):
        options = {}
        agent = self.make()
        if os.geteuid() == 0:  # whom no mode stops
            options = {"user": 65534, "group": 65534, "extra_groups": []}
            try:
                subprocess.run([os.path.join(BIN, "nscp"), "help"], check=False,
                               capture_output=True, **options)
            except OSError as error:
                self.skipTest(f"nscp can't be run as somebody else: {error}")
            for folder, _, names in os.walk(agent.folder):
                for name in (folder, *(os.path.join(folder, n) for n in names)):
                    os.lchown(name, 65534, 65534)
        os.chmod(agent.ini, 0o444)
        self.refused("write access", **options)
        os.chmod(agent.ini, 0o644)
        os.chmod(agent.folder, 0o555)
        try:
            self.refused("write access", **options)
        finally:
            os.chmod(agent.folder, 0o755)


if __name__ == "__main__":
    unittest.main()
