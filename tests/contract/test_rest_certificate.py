"""A certificate that is renewed on disk is served without a restart, and nobody is cut off."""
import os
import ssl
import subprocess
import unittest

from support.agent import Agent, wait_for

# Two looks at the files, and the time of a busy machine.
LIMIT = 15.0


def make(folder, name):
    """A certificate and its key, as files; they are moved into place by the test."""
    certificate, key = (os.path.join(folder, f"{name}.{kind}") for kind in ("crt", "key"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    f"/CN={name}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


class Renewal(unittest.TestCase):
    def served(self):
        """The certificate that a new connection gets, in DER."""
        return ssl.PEM_cert_to_DER_cert(
            ssl.get_server_certificate(("127.0.0.1", self.agent.port)))

    @staticmethod
    def der(file):
        with open(file, encoding="ascii") as f:
            return ssl.PEM_cert_to_DER_cert(f.read())

    def setUp(self):
        self.agent = Agent(modules=())
        folder = self.agent.folder
        self.live = [os.path.join(folder, name) for name in ("live.crt", "live.key")]
        with open(self.agent.ini, "a", encoding="utf-8") as f:
            f.write(f"certificate = {self.live[0]}\ncertificate key = {self.live[1]}\n")
        self.pairs = {name: make(folder, name) for name in ("first", "second", "third")}
        self.install("first")
        self.enterContext(self.agent).start()

    def install(self, name, parts=(0, 1)):
        for part in parts:
            os.rename(self.pairs[name][part], self.live[part])

    def test_the_new_one_is_for_new_connections_and_old_ones_go_on(self):
        first = self.der(self.live[0])
        self.assertEqual(self.served(), first)
        old = self.agent.connect()
        self.assertEqual(self.agent.get("/api", connection=old)[0], 200)
        self.install("second")
        second = self.der(self.live[0])
        wait_for("the new certificate", LIMIT, lambda: self.served() == second, pause=0.1)
        socket = old.sock
        self.assertEqual(self.agent.get("/api", connection=old)[0], 200)
        self.assertIs(old.sock, socket)  # not opened anew
        self.assertEqual(old.sock.getpeercert(binary_form=True), first)
        old.close()
        # Half of a pair is of no use: the log says so, and the one before stays.
        self.install("third", parts=(0,))
        self.agent.wait_log("cannot be used, the one before stays", limit=LIMIT)
        self.assertEqual(self.served(), second)
        self.install("third", parts=(1,))
        third = self.der(self.live[0])
        wait_for("the third one", LIMIT, lambda: self.served() == third, pause=0.1)


if __name__ == "__main__":
    unittest.main()
