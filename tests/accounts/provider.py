"""A small OpenID provider that speaks HTTP: discovery, keys, tokens; a test may spoil its word."""

from __future__ import annotations

import base64
import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "portal", "rahasia-portal"


class Provider:
    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def visit(self, address: str) -> str:
        """What a browser does: sign in there, and come back with a code."""
        self.asked = {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}
        return f"{urlsplit(self.asked['redirect_uri']).path}?code=k0de&state={self.asked['state']}"

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/masuk",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def token(self, form: dict[str, str], *, authorization: str) -> tuple[int, dict[str, Any]]:
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        is_ours = (
            form.get("code") == "k0de"
            and authorization == f"Basic {known}"
            and base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
            == self.asked["code_challenge"]
        )
        if not is_ours:
            return 400, {"error": "invalid_grant"}
        now = int(timezone.now().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "7",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            **self.claims,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signs_with)
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_keys = self.path == "/keys"
            self.answer(200, provider.keys() if is_keys else provider.metadata())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: found[0] for name, found in parse_qs(body).items()}
            self.answer(*provider.token(form, authorization=self.headers["Authorization"] or ""))

        def answer(self, status: int, body: dict[str, Any]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_args: object) -> None:
            return

    return Handler
