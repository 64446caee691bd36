"""A hub whose HTTP interface speaks TLS, with a certificate that openssl makes for the test."""

import ssl
import subprocess

from access_support import AccessDeployment, Browser

NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"


def openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def make_certificate(certificate, key, names=NAMES, days=365):
    """One that signs itself; with days below 0 it has expired."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
            certificate, "-days", 1, "-subj", "/CN=hub.test", "-addext", names)  # fmt: skip
    openssl("x509", "-in", certificate, "-signkey", key, "-days", days, "-out", certificate)
    key.chmod(0o600)


class TlsDeployment(AccessDeployment):
    def __init__(self, **more):
        super().__init__(**more)
        self.certificate, self.key = (self.hub_folder / name for name in ("hub.crt", "hub.key"))
        make_certificate(self.certificate, self.key)
        self.hub_yaml = self.hub_folder / "hub.yaml"
        self.set_console("tls: {certificate: hub.crt, key: hub.key}")

    def set_console(self, more, address="127.0.0.1"):
        """Writes what hub.yaml says of the HTTP interface beside its address."""
        lines = self.hub_yaml.read_text().splitlines()
        lines[-1] = f'console: {{listen: "{address}:{self.console_port}", {more}}}'
        self.hub_yaml.write_text("\n".join(lines) + "\n")

    def browser(self):
        return Browser(self.console_port, ssl.create_default_context(cafile=self.certificate))

    def api(self):
        return "--api", f"https://localhost:{self.console_port}", "--ca", self.certificate, "--token-file", self.token_file
