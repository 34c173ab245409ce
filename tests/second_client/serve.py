"""What a node answers (section 10): evidence to whoever asks, and nothing else."""

import os
import secrets
import ssl
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from encoding import Failure, canonical, demand, lp, members, strict_json, to_base64url
from protocol_vectors import mac

MAX_BODY = 1 << 20
MINUTE = 60_000


class Nonces:
    """Nonces of a server, which are stateless until they are used."""

    def __init__(self, boot_id):
        self.secret = secrets.token_bytes(32)
        self.boot_id = bytes.fromhex(boot_id)

    def issue(self, purpose):
        """A nonce and its cookie."""
        expiry = int(time.monotonic() * 1000) + MINUTE
        random = secrets.token_bytes(16)
        fields = (self.boot_id, purpose.encode("ascii"), expiry.to_bytes(8, "big"), b"", random)
        nonce = mac(self.secret, *map(lp, fields))
        return {"nonce": nonce.hex(), "cookie": {"expiry": expiry, "random": random.hex()}}


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.asked.append(self.path)
        size = int(self.headers.get("content-length", "0"))
        if size > MAX_BODY:
            return self.fail(413, "protocol.too_large", "Too large")
        body = self.rfile.read(size)
        if self.path != "/v1/attest":
            return self.fail(404, "protocol.path", "This node answers /v1/attest alone")
        try:
            answer = self.server.attest(strict_json(body))
        except (Failure, ValueError, TypeError) as error:
            return self.fail(400, "protocol.malformed", str(error))
        return self.answer(200, answer)

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path == "/v1/manifest" and self.server.manifests is not None:
            return self.answer(200, self.server.manifests)
        self.fail(404, "protocol.path", "This node answers /v1/attest alone")

    def fail(self, status, code, message):
        self.answer(status, {"code": code, "message": message})

    def answer(self, status, value):
        data = canonical(value)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Says nothing."""


class AttestServer(ThreadingHTTPServer):
    """Answers for a node, under its present leaf."""

    daemon_threads = True

    def __init__(self, node):
        super().__init__(("127.0.0.1", 0), Handler)
        self.node = node
        self.nonces = Nonces(node.boot_id)
        self.url = f"https://127.0.0.1:{self.server_port}"
        self.leaf = None
        self.context = None
        self.asked = []
        # What it passes off as a control plane's answer; a worker has none.
        self.manifests = None

    def get_request(self):
        """A connection; the handshake is the handler's, so that none waits for another."""
        connection, address = super().get_request()
        connection.settimeout(30)
        if self.leaf is not self.node.keys:
            self.leaf, self.context = self.node.keys, tls(self.node.keys)
        return self.context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        ), address

    def attest(self, question):
        """Evidence for the purpose `serve`."""
        nonce, audience, _ = members(question, "protocol.malformed", "nonce", "audience", "batch")
        raw = bytes.fromhex(nonce)
        demand(len(raw) == 32, "protocol.malformed")
        keys = self.node.keys
        envelope = self.node.evidence("serve", raw, audience)
        return {
            "envelope": to_base64url(envelope),
            "tlsLeaf": to_base64url(keys.leaf.public_bytes(Encoding.DER)),
            "server": self.nonces.issue("join"),
            "path": None,
        }

    def handle_error(self, *_):
        """A connection that broke off is nobody's concern."""

    def start(self):
        """Serves from now on, in the background."""
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self


def tls(keys):
    """TLS 1.3 alone, under a node's leaf; the library takes keys from files only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    text = keys.leaf.public_bytes(Encoding.PEM)
    text += keys.tls.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with tempfile.NamedTemporaryFile() as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        context.load_cert_chain(file.name)
    return context
