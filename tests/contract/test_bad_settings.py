"""What an administrator may get wrong: the ini file, the port, the certificate, modules. Each is
named in the log, and what can work works."""
import base64
import os
import socket
import time
import unittest

from support.agent import Agent, PASSWORD, SLACK, TEST_PROGRAMS, fake_module, wait_for
from support.case import RestCase

WHO = "/api/v2/queries/fake_who/commands/execute"


class Settings(RestCase):
    def serves(self):
        self.assertEqual(self.agent.check("check_ok", "message=here"), (0, "here"))

    def test_a_broken_line_is_named_with_file_and_line(self):
        broken = "[/settings/check helpers/alias\nno equals sign\n = no key\ngood = check_ok\n"
        self.agent = self.enterContext(Agent(ini=broken)).start()
        with open(self.agent.ini, encoding="utf-8") as f:
            lines = f.read().splitlines()
        for text, why in (("[/settings/check helpers/alias", 'a section line without "]"'),
                          ("no equals sign", 'a line without "="'), (" = no key", "without a key")):
            number = lines.index(text) + 1
            line = [line for line in self.agent.console().splitlines() if why in line]
            self.assertEqual(len(line), 1, self.agent.console())
            self.assertRegex(line[0], rf"nsclient\.ini\D+{number}\b")
        self.serves()

    def test_what_no_module_knows_is_a_warning_once(self):
        self.agent = self.enterContext(Agent(ini="prot = 1\n[/settings/nosuch]\nk = v\n")).start()
        for text in (' "prot": no module knows this key; the nearest known is "port"',
                     "[/settings/nosuch] no module knows this path"):
            lines = [l for l in self.agent.console().splitlines() if text in l]
            self.assertEqual(len(lines), 1, self.agent.console())
            self.assertRegex(lines[0], r"^W +settings .*nsclient\.ini:\d+: \[/settings/")
        self.serves()

    def test_bytes_that_are_no_utf_8_and_zeros_in_the_file_harm_nothing(self):
        junk = (b"[/settings/check helpers/alias]\nlatin = check_ok message=caf\xe9\n"
                b"k\xff\xfey = check_ok\nzero = check_ok message=a\0b\n")
        self.agent = self.enterContext(Agent(ini=junk)).start()
        self.assertIn(self.agent.check("latin"), ((0, "caf\ufffd"), (0, "café")))
        self.assertEqual(self.json("GET /api/v2/settings/settings/nothing"), [])
        self.assertEqual(self.ask("GET /api/v2/settings")[0], 200)
        self.assertEqual(self.ask("GET /api/v2/aliases")[0], 200)
        self.serves()

    def test_users_with_umlauts_log_in_and_are_known_by_name(self):
        name = "j\u00fcrgen"
        for coding in ("utf-8", "latin-1"):
            user = name.encode(coding)
            ini = (b"[/settings/WEB/server/users/" + user +
                   b"]\npassword = p\xe4ss\nrole = client\n")
            with self.subTest(coding), Agent(
                    modules=("CheckHelpers", "Fake"), ini=ini,
                    manifests={"Fake": fake_module(queries=["fake_who"])}) as self.agent:
                self.agent.start()

                def ask_as(user, password):
                    pair = base64.b64encode(user + b":" + password).decode()
                    return self.ask("GET " + WHO, credentials=None,
                                    headers={"Authorization": "Basic " + pair})
                status, _, body = ask_as(user, b"p\xe4ss")
                self.assertEqual(status, 200, body)
                self.assertIn("WEBServer:j", body)
                if coding == "utf-8":
                    self.assertIn(f"WEBServer:{name}", body)
                other = name.encode("latin-1" if coding == "utf-8" else "utf-8")
                self.assertEqual(ask_as(other, b"p\xe4ss")[0], 403)
                self.assertEqual(ask_as(b"\xff\xff", b"\xff\xff")[0], 403)
                self.serves()

    def test_a_taken_port_is_told_and_taken_over_when_it_gets_free(self):
        with socket.socket() as owner:
            owner.bind(("127.0.0.1", 0))
            owner.listen()
            self.agent = self.enterContext(Agent(port=owner.getsockname()[1]))
            self.agent.start(wait=False)
            self.agent.wait_log(f"Failed to bind 127.0.0.1:{self.agent.port}")
            self.assertIsNone(self.agent.process.poll())
        # It tries again after 1, 2, 4, ... seconds (gateway/listener.h).
        wait_for("the port to be taken over", 10 + SLACK, self.agent.ready, pause=0.1)
        self.serves()

    def test_a_certificate_that_is_none_is_named_and_the_agent_stays_up(self):
        for what, name in (("garbage", "certificate.pem"), ("missing", "mine.pem")):
            agent = Agent(ini="[/settings/WEB/server]\n"
                              f"certificate = ${{certificate-path}}/{name}\n")
            with self.subTest(what), agent:
                folder = os.path.join(agent.folder, "certificate")
                os.mkdir(folder)
                file = os.path.join(folder, name)
                if what == "garbage":
                    with open(file, "w", encoding="utf-8") as f:
                        f.write("-----BEGIN CERTIFICATE-----\nnonsense\n")
                agent.start(wait=False)
                agent.wait_log(file)
                agent.wait_log("WEBServer is ready")
                self.assertIsNone(agent.process.poll())
                with self.assertRaises(OSError):
                    agent.connect().connect()

    @unittest.skipIf(os.geteuid() == 0, "root may read every file")
    def test_a_certificate_that_may_not_be_read_is_named(self):
        with Agent() as agent:
            folder = os.path.join(agent.folder, "certificate")
            os.mkdir(folder)
            file = os.path.join(folder, "certificate.pem")
            with open(file, "w", encoding="utf-8") as f:
                f.write("x")
            os.chmod(file, 0)
            agent.start(wait=False)
            agent.wait_log(file)
            agent.wait_log("WEBServer is ready")

    def test_a_port_or_a_module_that_is_none_is_named(self):
        with Agent(ini="[/settings/WEB/server]\nport = hello\n") as agent:
            agent.start(wait=False)
            agent.wait_log('the port "hello" is no number')
            self.assertIsNone(agent.process.poll())
        self.agent = self.enterContext(Agent(modules=("CheckHelpers", "NoSuchModule"))).start()
        self.agent.wait_log("Failed to find plugin: NoSuchModule")
        self.serves()


class Modules(RestCase):
    """One agent with a module for each thing that can be wrong with a module."""

    @classmethod
    def setUpClass(cls):
        agent = cls.agent = cls.enterClassContext(Agent(
            modules=("CheckHelpers", "Syntax", "Missing", "Locked", "Exits", "Silent", "Floods",
                     "Refuses", "Writable", "Foreign"),
            manifests={
                "Syntax": '{\n  "name": "Syntax",\n  "program": oops\n}\n',
                "Missing": fake_module() | {"program": "/nonexistent/program"},
                "Locked": fake_module() | {"program": "locked"},
                "Exits": fake_module("Exits", "exit", ["from_exits"]),
                "Silent": fake_module("Silent", "no-attach", ["from_silent"]),
                "Floods": fake_module("Floods", "flood", ["from_floods"]),
                "Refuses": fake_module("Refuses", "refuse", ["from_refuses"]),
                "Writable": fake_module(), "Foreign": fake_module() | {"contractMin": 99,
                                                                      "contractMax": 99}}))
        locked = os.path.join(agent.modules_folder, "locked")
        with open(locked, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\n")
        os.chmod(locked, 0o644)
        os.chmod(os.path.join(agent.modules_folder, "Writable.json"), 0o666)
        cls.begin = time.monotonic()
        agent.start(wait=False)
        wait_for("the web server", 30, cls.answers)

    @classmethod
    def answers(cls):
        try:
            return cls.agent.get("/health/live", credentials=None)[0] == 200
        except OSError:
            return False

    def tearDown(self):
        self.assertEqual(self.agent.check("check_ok", "message=here"), (0, "here"))

    def file(self, name):
        return os.path.join(self.agent.modules_folder, name)

    def details(self, name):
        return self.agent.module(name)["metadata"]

    def cannot_load(self, name):
        self.expect(f"GET /api/v1/modules/{name}/commands/load", 500, "text/plain",
                    f"Failed to load {name}")

    def test_a_manifest_with_a_syntax_error_is_named_with_its_line(self):
        self.agent.wait_log("loading Syntax: rule json: " + self.file("Syntax.json") + " line 3:")
        self.cannot_load("Syntax")

    def test_a_program_that_is_missing_is_named(self):
        self.agent.wait_log("loading Missing: rule trusted-file: the program /nonexistent/program")
        self.cannot_load("Missing")

    def test_a_program_that_may_not_be_run_is_named(self):
        self.agent.wait_log("rule program-executable: " + self.file("locked"))
        self.cannot_load("Locked")

    def test_a_manifest_that_others_may_write_to_is_refused(self):
        self.agent.wait_log("rule trusted-file: the manifest " + self.file("Writable.json"))
        self.cannot_load("Writable")

    def test_a_module_of_another_contract_is_refused(self):
        self.agent.wait_log("rule contract: " + self.file("Foreign.json"))
        self.cannot_load("Foreign")

    def test_a_program_that_exits_at_once_is_tried_again_and_its_names_say_why(self):
        self.agent.wait_log("Exits did not start: exited with code 3")
        self.assertIn(self.details("Exits")["state"], ("backoff", "starting"))
        result, message = self.agent.check("from_exits")
        self.assertEqual(result, 3)
        self.assertIn("module Exits is not running", message)
        wait_for("another try", 10 + SLACK, lambda: int(self.details("Exits")["restarts"]) >= 1,
                 pause=0.1)

    def test_a_module_that_refuses_is_not_tried_again_and_gives_its_reason(self):
        reason = "it does not feel like it"
        self.agent.wait_log(reason)
        details = self.details("Refuses")
        self.assertEqual(details["state"], "refused")
        self.assertIn(reason, details["reason"])
        result, message = self.agent.check("from_refuses")
        self.assertEqual(result, 3)
        self.assertIn(reason, message)

    def test_a_program_that_never_attaches_meets_the_deadline_of_its_start(self):
        # 10 s (docs: the whole start has one deadline); the others did not wait for it.
        self.agent.wait_log("Silent was not ready within 10000 ms; it never attached",
                            limit=10 + SLACK)
        self.assertGreater(time.monotonic() - self.begin, 9)
        result, message = self.agent.check("from_silent")
        self.assertEqual(result, 3)
        self.assertIn("Silent", message)

    def test_a_program_that_floods_its_output_is_cut_short_and_still_starts(self):
        wait_for("the flooding module", 20, lambda: self.details("Floods")["state"] == "running",
                 pause=0.1)
        self.assertEqual(self.agent.check("from_floods"), (0, "fine"))
        # 1 000 000 lines were written; 200 a second are told.
        self.assertLess(self.agent.console().count("Floods "), 20_000)

    def test_all_of_them_are_listed(self):
        names = {module["name"] for module in self.json("GET /api/v2/modules?all=true")}
        self.assertLessEqual({"CheckHelpers", "Syntax", "Missing", "Locked", "Exits", "Silent",
                              "Floods", "Refuses", "Writable", "Foreign"}, names)


if __name__ == "__main__":
    unittest.main()
