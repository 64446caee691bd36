"""TLS of a real hub's HTTP interface: what is shown and to whom, what keeps a hub from starting, a renewal at SIGHUP,
and hubctl from another machine's view."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import time
import unittest
import warnings

import exposition
from access_support import accept
from support import SECONDS, binaries, hubctl, until
from tls_support import TlsDeployment, make_certificate

DAY_SECONDS = 86_400
HANDSHAKE_SECONDS = 10


def shown_certificate(port):
    """Whatever certificate is shown, as PEM."""
    return ssl.get_server_certificate(("127.0.0.1", port))


class Served(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = TlsDeployment()
        cls.addClassCleanup(cls.hub.close)
        cls.hub.start_hub()

    def metrics(self):
        status, body = self.hub.machine().ask("GET", "/metrics")
        self.assertEqual(status, 200)
        return exposition.read(body.decode())

    def test_the_first_user_signs_in_by_a_secure_cookie(self):
        link = self.hub.first_link()
        self.assertTrue(link.startswith(f"https://localhost:{self.hub.console_port}/#/invitation?token="), link)
        browser = self.hub.browser()
        self.assertEqual(accept(browser, link, user="quan-tri")[0], 200)
        self.assertEqual(browser.sign_in("quan-tri")[0], 200)
        self.assertIn("; Secure", browser.set_cookie)
        self.assertEqual(browser.headers["Strict-Transport-Security"], "max-age=31536000")
        self.assertEqual(browser.ask("GET", "/api/v1/session")[0], 200)
        host = f"localhost:{self.hub.console_port}"
        status, answer = browser.ask("POST", "/api/v1/users/quan-tri/invitation", {}, Origin=f"https://{host}", Host=host)
        self.assertEqual((status, answer["link"].split("#")[0]), (200, f"https://{host}/"))
        self.assertEqual(browser.ask("DELETE", "/api/v1/session")[0], 200)
        self.assertIn("; Secure", browser.set_cookie)

    def test_old_versions_and_weak_ciphers_are_not_spoken(self):
        def shake(change):
            context = ssl.create_default_context(cafile=self.hub.certificate)
            change(context)
            with socket.create_connection(("127.0.0.1", self.hub.console_port), timeout=SECONDS) as plain:
                with context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
                    return secure.version(), secure.cipher()[0]

        def old(context):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of just what must not be spoken
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")

        def twelve(ciphers):
            def change(context):
                context.maximum_version = ssl.TLSVersion.TLSv1_2
                context.set_ciphers(ciphers)

            return change

        self.assertEqual(shake(lambda context: None)[0], "TLSv1.3")
        self.assertRegex(shake(twelve("DEFAULT"))[1], "^ECDHE-ECDSA-.*(GCM|CHACHA20)")
        for weak in (old, twelve("ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA256")):
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                shake(weak)

    def test_strange_clients_are_closed_and_others_are_served_on(self):
        port = self.hub.console_port
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as silent:
            began = time.monotonic()
            for strange in (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01" + os.urandom(4096), os.urandom(200_000)):
                with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as client:
                    said = b""
                    try:
                        client.sendall(strange)
                        while more := client.recv(4096):
                            said += more
                    except ConnectionError:
                        pass
                    self.assertNotIn(b"HTTP/1.1 2", said)
            self.assertEqual(self.hub.browser().ask("GET", "/healthz")[0], 200)
            self.assertEqual(silent.recv(1), b"")
            self.assertLess(time.monotonic() - began, HANDSHAKE_SECONDS + 5)

    def test_hubctl_asks_by_https_and_says_whom_it_does_not_trust(self):
        hub = self.hub
        status = json.loads(hub.hubctl("top", "--json", *hub.api()))
        self.assertEqual(status["live"]["origin"], "hub.test")
        words = "--api", f"https://localhost:{hub.console_port}", "--token-file", hub.token_file
        done = hubctl("top", "--json", *words)  # the system knows no such authority
        self.assertEqual((done.returncode, json.loads(done.stdout)["error"]["code"]), (1, "certificate-untrusted"))
        done = hubctl("top", "--api", "http://192.0.2.1:7480", "--token-file", hub.token_file)
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_a_renewed_certificate_is_taken_at_sighup_and_a_bad_one_is_not(self):
        hub = self.hub
        before = shown_certificate(hub.console_port)
        make_certificate(hub.certificate, hub.key, days=10)
        os.kill(hub.hub.pid, signal.SIGHUP)
        until("the new certificate", lambda: shown_certificate(hub.console_port) != before)
        left = self.metrics()[("hub_http_certificate_expiry_seconds", ())]
        self.assertTrue(9 * DAY_SECONDS < left <= 10 * DAY_SECONDS, left)
        good = hub.certificate.read_text()
        make_certificate(hub.certificate, hub.key, days=-1)
        os.kill(hub.hub.pid, signal.SIGHUP)
        until("the refusal", lambda: "certificate stays as it is" in (hub.logs / "hubd.log").read_text())
        self.assertEqual(shown_certificate(hub.console_port).split(), good.split())
        hub.certificate.write_text(good)  # which the other tests go on trusting


class Settings(unittest.TestCase):
    def setUp(self):
        self.hub = TlsDeployment()
        self.addCleanup(self.hub.close)

    def refused(self):
        """What `hubd check` and a start say, which is the same."""
        said = []
        for words in (("check",), ()):
            command = [binaries() / "hubd", *words, "--config", self.hub.hub_yaml, "--json"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
            self.assertEqual(done.returncode, 1, done.stdout)
            said.append(json.loads(done.stdout.splitlines()[-1])["error"])
        self.assertEqual(said[0], said[1])
        return said[0]

    def test_an_address_that_others_reach_is_taken_with_tls_and_refused_without(self):
        self.hub.set_console("tls: {certificate: hub.crt, key: hub.key}", "0.0.0.0")
        self.hub.start_hub()
        self.assertEqual(self.hub.browser().ask("GET", "/healthz")[0], 200)
        self.assertEqual(self.hub.stop(), [0])
        self.hub.set_console(f'token_file: "{self.hub.token_file}"', "0.0.0.0")
        self.assertIn("tls", self.refused()["facts"]["reason"])

    def test_unfit_files_are_refused_by_check_and_start_with_place_and_what_to_do(self):
        hub = self.hub
        hub.key.chmod(0o640)
        error = self.refused()
        self.assertEqual((error["code"], error["facts"]["file"]), ("config-invalid", str(hub.key)))
        self.assertIn("chmod 600", error["facts"]["reason"])
        other = hub.hub_folder / "other.crt"
        make_certificate(other, hub.hub_folder / "other.key")
        hub.key.write_bytes((hub.hub_folder / "other.key").read_bytes())
        hub.key.chmod(0o600)
        self.assertEqual(self.refused()["code"], "certificate-key-foreign")
        make_certificate(hub.certificate, hub.key, days=-1)
        error = self.refused()
        self.assertEqual((error["code"], error["facts"]["path"]), ("certificate-not-in-force", str(hub.certificate)))
        self.assertTrue(error["vi"]["action"] and error["en"]["action"])
        hub.certificate.write_text("no certificate\n")
        self.assertEqual(self.refused()["code"], "config-invalid")
        hub.certificate.unlink()
        self.assertEqual(self.refused()["code"], "io-failed")

    def test_unknown_and_missing_keys_are_refused_in_their_place(self):
        for more in ("tls: {certificate: hub.crt}", "tls: {certificate: hub.crt, key: hub.key, cipher: x}", "tls: yes"):
            self.hub.set_console(more)
            error = self.refused()
            self.assertEqual(error["code"], "config-invalid")
            self.assertTrue(re.fullmatch(r"/console/tls(/\w+)?", error["facts"]["path"]), error)


if __name__ == "__main__":
    unittest.main()
