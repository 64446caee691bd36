"""An account for whoever looks at the demo: with every role that sees documents, and a new password at each start."""

import json
import secrets
import urllib.request
from urllib.parse import parse_qs, urlsplit

USER = "thu-nghiem"
ROLES = ("operator", "compliance", "administrator")
PASSWORD_BYTES = 8
SECONDS = 30.0


def make_demo_user(deployment):
    """The account's name and password, on a running hub."""
    data = deployment.hub_folder / "data"
    api = f"http://127.0.0.1:{deployment.console_port}"
    listed = json.loads(deployment.hubctl("user", "list", "--data", data, "--json"))
    has = {role for user in listed["users"] if user["user"] == USER for role in user["roles"]}
    for role in ROLES:
        if role not in has:
            deployment.hubctl(
                "user", "grant", USER, "--role", role, "--reason", "trình diễn", "--key", deployment.administrators[0],
                "--data", data, "--api", api, "--token-file", deployment.token_file,
            )  # fmt: skip
    link = deployment.hubctl("user", "invite", USER, "--data", data).strip()
    password = secrets.token_hex(PASSWORD_BYTES)
    token = parse_qs(urlsplit(link.replace("/#/", "/")).query)["token"][0]
    body = json.dumps({"token": token, "password": password}).encode()
    request = urllib.request.Request(f"{api}/api/v1/invitations/accept", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS):
        return USER, password
