"""Where settings come from, through the whole agent: remote stores with their copies, attachments
and reloads, boot.ini with its list, includes, folders, old files, and stores that are refused."""
import io
import json
import os
import stat
import tempfile
import time
import unittest
import zipfile

from support.agent import BIN, SLACK, Agent, wait_for
from support.remote import Server, basic, make_certificate

SECRET = "s3cret"


class StoreAgent(Agent):
    """Takes its store from boot.ini, or from --settings. `boot`: the text of boot.ini."""

    def __init__(self, boot="", store=None, **options):
        super().__init__(**options)
        self.boot, self.store = os.path.join(self.folder, "boot.ini"), store
        with open(self.boot, "w", encoding="utf-8") as f:
            f.write(boot)

    def options(self):
        options = super().options()[2:]
        if self.store is not None:
            options = ["--settings", self.store, *options]
        return options + ["--path-override", f"boot-conf={self.boot}", "--path-override",
                          f"default-ini={self.folder}/default.ini",
                          "--path-override", f"scripts={self.folder}/scripts"]

    def page(self, more=""):
        """The settings of this agent, for a server to give."""
        with open(self.ini, encoding="utf-8") as f:
            return (f.read() + more).encode()

    def has(self, *parts):
        return os.path.exists(os.path.join(self.folder, *parts))

    def read(self, *parts):
        with open(os.path.join(self.folder, *parts), encoding="utf-8") as f:
            return f.read()

    def status(self):
        status, body, _ = self.get("/api/v2/settings/status")
        assert status == 200, body
        return json.loads(body)

    def loaded(self, module):
        return self.module(module)["loaded"]


class Stores(unittest.TestCase):
    def agent(self, **options):
        return self.enterContext(StoreAgent(**options))

    def server(self, **options):
        return self.enterContext(Server(**options))

    def nscp(self, agent, *arguments, code=0):
        done = agent.nscp("settings", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        return done.stdout + done.stderr

    # ---- remote
    def test_a_remote_store_in_tls_is_read_only_and_its_copy_stands_in_for_it(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        certificate, key = make_certificate(folder)
        query = f"/agent.ini?token={SECRET}"
        with Server(certificate, key) as server:
            url = server.url.replace("//", f"//me:{SECRET}@") + query
            agent = self.agent(
                boot=f"[settings]\n1 = {url}\n[tls]\nca = {certificate}\n[paths]\nmine = /m\n")
            server.pages[query] = agent.page()
            agent.start()
            shown = server.url + "/agent.ini"
            self.assertEqual(agent.status(),
                             {"context": shown, "type": "http", "has_changed": False})
            self.assertEqual(server.requests[0][1]["Authorization"], basic("me", SECRET))
            copies = os.listdir(os.path.join(agent.folder, "data", "cache"))
            self.assertEqual(len(copies), 1, copies)
            self.assertRegex(copies[0], "^agent\\.ini-[0-9a-f]{16}$")
            # What would be saved is refused, with a reason; in memory it counts.
            entry = [{"path": "/settings/x", "key": "y", "value": "z"}]
            self.assertEqual(agent.request("PUT", "/api/v2/settings/settings/x",
                                           body=json.dumps(entry))[0], 200)
            self.assertIn("read only", self.nscp(agent, "--path", "/settings/x", "--key", "y",
                                                 "--set", "z", code=255))
            self.assertIn(f"HTTP settings: ({shown}, ", self.nscp(agent, "--switch", url))
            self.assertEqual(agent.stop(), 0)
            agent.log_file.close()
        # The server is gone.
        agent.start()
        self.assertEqual(agent.status()["type"], "http")
        console = agent.console()
        self.assertIn("the copy of the last time is used", console)
        self.assertIn("connecting to 127.0.0.1", console)
        self.assertNotIn(SECRET, console)

    def test_changed_content_reloads_the_running_agent(self):
        server = self.server()
        agent = self.agent(store=f"{server.url}/agent.ini", modules=())
        core = "[/settings/core]\nsettings maintenance interval = 1s\n"
        on = "[/modules]\nCheckHelpers = enabled\n"
        server.pages["/agent.ini"] = agent.page(core)
        agent.start()
        self.assertFalse(agent.loaded("CheckHelpers"))
        server.pages["/agent.ini"] = agent.page(core + on)
        wait_for("the module to be loaded", 10, lambda: agent.loaded("CheckHelpers"))
        self.assertIn("the remote settings have changed, reloading", agent.console())
        wait_for("its checks", 10, lambda: agent.check("check_ok", "message=hi")[0] == 0)
        # What is away changes nothing; what comes back with other content does.
        del server.pages["/agent.ini"]
        agent.wait_log("remote settings: downloading")
        self.assertTrue(agent.loaded("CheckHelpers"))
        server.pages["/agent.ini"] = agent.page(core)
        wait_for("the module to be unloaded", 10, lambda: not agent.loaded("CheckHelpers"))
        self.assertEqual(agent.console().count("remote settings: downloading"), 1)

    def test_the_same_content_reloads_nothing(self):
        server = self.server()
        agent = self.agent(store=f"{server.url}/agent.ini")
        server.pages["/agent.ini"] = agent.page(
            "[/settings/core]\nsettings maintenance interval = 1s\n")
        agent.start()
        before = len(server.requests)
        wait_for("three looks at the store", 15, lambda: len(server.requests) >= before + 3)
        self.assertNotIn("reloading", agent.console())

    def test_attachments_are_fetched_and_no_archive_leaves_its_folder(self):
        def packed(names):
            body = io.BytesIO()
            with zipfile.ZipFile(body, "w") as archive:
                for name, mode in names.items():
                    entry = zipfile.ZipInfo(name)
                    entry.external_attr = (stat.S_IFREG | mode) << 16
                    archive.writestr(entry, "in " + name)
            return body.getvalue()

        server = self.server()
        agent = self.agent(store=f"{server.url}/${{hostname_lc}}.ini", modules=())
        host = os.uname().nodename.lower()
        server.pages.update({
            f"/{host}.ini": agent.page(
                "[/attachments]\n"
                f"${{scripts}}/one.txt = {server.url}/one\n"
                f"unzip:${{scripts}}/good = {server.url}/good.zip\n"
                f"unzip:${{scripts}}/bad = {server.url}/bad.zip\n"
                f"two.txt = {server.url}/two?{SECRET}\n"),
            "/one": b"first", "/good.zip": packed({"a/run": 0o755, "b.txt": 0o644}),
            "/bad.zip": packed({"fine": 0o644, "../../escaped": 0o644})})
        agent.start()
        self.assertEqual(agent.read("scripts", "one.txt"), "first")
        self.assertEqual(agent.read("scripts", "good", "a", "run"), "in a/run")
        self.assertTrue(os.access(os.path.join(agent.folder, "scripts", "good", "a", "run"),
                                  os.X_OK))
        self.assertFalse(agent.has("escaped") or agent.has("scripts", "bad", "fine"))
        console = agent.console()
        self.assertIn('"unzip:${scripts}/bad"', console)
        self.assertIn('the attachment "two.txt"', console)
        self.assertNotIn(SECRET, console)

    def test_a_proxy_of_boot_ini_is_used(self):
        server, proxy = self.server(), self.server()
        agent = self.agent(
            boot=f"[settings]\n1 = {server.url}/agent.ini\n"
                 f"[proxy]\nurl = http://p:{SECRET}@127.0.0.1:{proxy.port}/\nno_proxy = .local\n")
        server.pages["/agent.ini"] = agent.page()
        proxy.pages[f"{server.url}/agent.ini"] = lambda handler: handler.forward()
        agent.start()
        self.assertEqual(proxy.requests[0][1]["Proxy-Authorization"], basic("p", SECRET))
        self.assertNotIn(SECRET, agent.console())

    def test_a_slow_server_keeps_nobody_waiting_while_settings_are_read_again(self):
        server = self.server()
        agent = self.agent(store=f"{server.url}/agent.ini")
        server.pages["/agent.ini"] = agent.page()
        agent.start()
        server.pages["/agent.ini"] = lambda handler: server.ending.wait(60)
        before = len(server.requests)
        self.reload(agent)
        wait_for("the server to be asked", 10, lambda: len(server.requests) > before)
        start = time.monotonic()
        self.assertEqual(agent.check("check_ok")[0], 0)
        self.assertEqual(agent.get("/api/v2/settings/settings/default")[0], 200)
        self.assertLess(time.monotonic() - start, SLACK)
        start = time.monotonic()
        self.assertEqual(agent.stop(), 0)
        self.assertLess(time.monotonic() - start, 10)

    # ---- boot.ini
    def test_a_store_that_fails_is_told_and_the_next_one_serves(self):
        server = self.server()
        agent = self.agent(boot="")
        with open(agent.boot, "w", encoding="utf-8") as f:
            f.write(f"[settings]\n0 = ini://{agent.folder}/gone.ini\n"
                    f"1 = {server.url}/none.ini?{SECRET}\n2 = ini://{agent.ini}\n"
                    "[layout]\nmode = strange\n")
        agent.start()
        console = agent.console()
        self.assertIn("Failed to initialize settings: downloading", console)
        self.assertIn('"strange"', console)
        self.assertNotIn(SECRET, console)
        self.assertEqual(agent.status()["type"], "ini")
        # A command finds the agent of the store that served.
        self.nscp(agent, "--path", "/settings/x", "--key", "y", "--set", "z")
        status, body, _ = agent.get("/api/v2/settings/settings/x")
        self.assertEqual(status, 200)
        self.assertIn('"z"', body)
        self.assertIn("y = z", agent.read("nsclient.ini"))

    def test_where_nothing_is_listed_the_default_file_is_made_at_the_first_save(self):
        agent = self.agent()
        self.assertFalse(agent.has("default.ini"))
        self.nscp(agent, "--path", "/a", "--key", "b", "--set", "c")
        self.assertIn("b = c", agent.read("default.ini"))
        agent.store = os.path.join(agent.folder, "missing.ini")
        self.nscp(agent, "--path", "/a", "--key", "b", "--set", "d")
        self.assertIn("b = d", agent.read("missing.ini"))

    def test_stores_that_can_not_be_are_refused_clearly(self):
        agent = self.agent()
        for store, text in (("ftp://host/x", "Undefined settings protocol: ftp"),
                            ("registry://HKLM/software/x", "Windows alone"),
                            (f"http://127.0.0.1:1/x?{SECRET}", "connecting to 127.0.0.1"),
                            ("old://" + agent.folder + "/nsc.ini", "nsc.ini")):
            agent.store = store
            self.assertIn(text, self.nscp(agent, "--list", code=255), store)

    def test_an_old_file_is_read_and_not_written(self):
        agent = self.agent()
        with open(os.path.join(agent.folder, "nsc.ini"), "w", encoding="utf-8") as f:
            f.write("[modules]\nCheckHelpers.dll\n[NRPE]\nport=5667\n[Strange]\na=b\n")
        agent.store = f"old://{agent.folder}/nsc.ini"
        listed = self.nscp(agent, "--list")
        self.assertIn("5667", listed)
        self.assertIn("CheckHelpers", listed)
        self.assertIn("read only", self.nscp(agent, "--path", "/a", "--key", "b", "--set", "c",
                                             code=255))

    # ---- includes and folders
    def test_includes_nest_in_order_and_a_key_is_written_where_it_stands(self):
        agent = self.agent()
        files = {"main.ini": "[/includes]\na = ini/a.ini\ngone = nowhere.ini\nb = ini/b.ini\n"
                             "[/x]\nown = main\n",
                 "ini/a.ini": "[/includes]\ndeep = deep.ini\nloop = ../main.ini\n"
                              "[/x]\nown = a\nboth = a\n",
                 "ini/b.ini": "[/x]\nboth = b\ndeep = b\nlast = b\n",
                 "ini/deep.ini": "[/x]\nboth = deep\ndeep = deep\n"}
        os.mkdir(os.path.join(agent.folder, "ini"))
        for name, text in files.items():
            with open(os.path.join(agent.folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        agent.store = os.path.join(agent.folder, "main.ini")
        for key, value in (("own", "main"), ("both", "a"), ("deep", "deep"), ("last", "b")):
            self.assertIn(value, self.nscp(agent, "--path", "/x", "--key", key, "--show"))
        self.nscp(agent, "--path", "/x", "--key", "deep", "--set", "changed")
        self.nscp(agent, "--path", "/x", "--key", "fresh", "--set", "new")
        self.assertIn("deep = changed", agent.read("ini", "deep.ini"))
        self.assertEqual(agent.read("ini", "b.ini"), files["ini/b.ini"])
        self.assertIn("fresh = new", agent.read("main.ini"))
        self.assertIn('"gone"', self.nscp(agent, "--check", code=1))

    def test_a_folder_is_all_its_files(self):
        agent = self.agent()
        os.mkdir(os.path.join(agent.folder, "d"))
        for name in ("10.ini", "20.ini"):
            with open(os.path.join(agent.folder, "d", name), "w", encoding="utf-8") as f:
                f.write(f"[/x]\nk = {name}\nof {name} = 1\n")
        agent.store = f"ini://{agent.folder}/d"
        self.nscp(agent, "--path", "/x", "--key", "of 20.ini", "--set", "2")
        self.nscp(agent, "--path", "/x", "--key", "new", "--set", "3")
        self.assertEqual(agent.read("d", "20.ini"), "[/x]\nk = 20.ini\nof 20.ini = 2\n")
        self.assertEqual(agent.read("d", "10.ini"),
                         "[/x]\nk = 10.ini\nof 10.ini = 1\nnew = 3\n")

    def test_a_reload_loads_what_is_enabled_now_and_unloads_what_is_not(self):
        agent = self.agent(boot="", modules=("CheckHelpers",))
        agent.store = agent.ini
        agent.start()
        text = agent.read("nsclient.ini").replace("CheckHelpers = enabled", "CheckDisk = enabled")
        with open(agent.ini, "w", encoding="utf-8") as f:
            f.write(text)
        self.assertTrue(agent.loaded("CheckHelpers"))  # the file alone changes nothing
        self.reload(agent)
        wait_for("CheckDisk", 10, lambda: agent.loaded("CheckDisk"))
        wait_for("CheckHelpers to be gone", 10, lambda: not agent.loaded("CheckHelpers"))

    def reload(self, agent):
        status, body, _ = agent.request("POST", "/api/v2/settings/command",
                                        body='{"command": "reload"}')
        self.assertEqual(status, 200, body)


if __name__ == "__main__":
    unittest.main()
