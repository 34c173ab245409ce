"""The attested channel (section 10): TLS 1.3 to a leaf that evidence vouches for."""

import http.client
import json
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from encoding import (
    Failure,
    base64url,
    bytes_of,
    canonical,
    demand,
    h,
    members,
    random_hex,
    sha256,
    strict_json,
    to_base64url,
)
from protocol_vectors import batch_root
from sealing import Context, SealedRequest

MAX_BODY = 1 << 20
MAX_STEPS = 20
AGENTS = "agent.casemate.invalid"
BUSY, ATTEMPTS = {429, 503}, 5
SEALED = "application/vnd.casemate.sealed"


class RefusedByServer(Failure):
    """A server answered with a failure; `code` is its code."""

    def __init__(self, status, code, message):
        super().__init__(code, f"{status} {message}")
        self.status = status


def tls():
    """TLS 1.3 alone. Whom it leads to is for evidence and pin to say, not for names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class AgentConnection(http.client.HTTPConnection):
    """TLS to an agent, under a name that is asked for once."""

    def connect(self):
        super().connect()
        name = f"{random_hex(8)}.{AGENTS}"
        self.sock = tls().wrap_socket(self.sock, server_hostname=name)


def call(url, method, path, body=None, leaf=None):
    """One request, again where the server is busy: type and bytes of its answer."""
    for attempt in range(ATTEMPTS):
        status, headers, data = exchange(url, method, path, body, leaf)
        busy = status in BUSY and "retry-after" in headers
        if not busy or attempt == ATTEMPTS - 1:
            break
        time.sleep(int(headers["retry-after"]))
    if status >= 400:
        failure = strict_json(data)
        raise RefusedByServer(status, failure["code"], failure["message"])
    return headers["content-type"], data


def exchange(url, method, path, body, leaf):
    """One request over a connection of its own: status, headers and bytes.

    With `leaf` nothing is sent to a server that shows another certificate.
    """
    connection = connected(url)
    try:
        if leaf is not None:
            demand(connection.sock.getpeercert(binary_form=True) == leaf, "channel.leaf")
        write_request(connection, method, path, body)
        return received(connection)
    finally:
        connection.close()


def connected(url):
    """A connection to an agent."""
    address = urlsplit(url)
    connection = AgentConnection(address.hostname, address.port, timeout=60)
    try:
        connection.connect()
    except Exception:
        connection.close()
        raise
    return connection


def write_request(connection, method, path, body):
    """Sends a request, to its last byte."""
    headers = {} if body is None else {"content-type": "application/json"}
    connection.request(method, path, body, headers)


def received(connection):
    """The answer: status, headers and bytes."""
    answer = connection.getresponse()
    data = answer.read(MAX_BODY + 1)
    demand(len(data) <= MAX_BODY, "channel.too_large")
    return answer.status, answer.headers, data


def call_json(url, method, path, value=None, leaf=None):
    """A request and an answer in JSON."""
    body = None if value is None else canonical(value)
    return strict_json(call(url, method, path, body, leaf)[1])


@dataclass(frozen=True)
class Session:
    """A server that was verified, and what its answer was."""

    url: str
    leaf: bytes
    statement: dict
    digest: bytes
    client_nonce: str
    audience: str
    server: dict


def attest(url, appraise):
    """Asks a server for its evidence; `appraise(envelope, nonce, audience, spki)` verifies it."""
    nonce, audience = random_hex(), random_hex()
    question = {"nonce": nonce, "audience": audience, "batch": False}
    answer = call_json(url, "POST", "/v1/attest", question)
    return session_of(url, answer, nonce, audience, appraise)


class Question:
    """A question for evidence that was sent to a server, which may answer many at once.

    The evidence answers the root of a tree then.
    """

    def __init__(self, url):
        self.url, self.nonce, self.audience = url, random_hex(), random_hex()
        question = {"nonce": self.nonce, "audience": self.audience, "batch": True}
        self.connection = connected(url)
        write_request(self.connection, "POST", "/v1/attest", canonical(question))

    def session(self, appraise):
        """Waits for the answer, and verifies it as `attest` does."""
        try:
            status, _, data = received(self.connection)
        finally:
            self.connection.close()
        answer = strict_json(data)
        if status >= 400:
            raise RefusedByServer(status, answer["code"], answer["message"])
        return session_of(self.url, answer, self.nonce, self.audience, appraise, batch=True)


def session_of(url, answer, nonce, audience, appraise, batch=False):
    """A session with who answered with evidence, once that is verified."""
    names = ("envelope", "tlsLeaf", "server", "path")
    envelope, leaf, server, path = members(answer, "channel.answer", *names)
    asked = nonce, audience
    if path is not None:
        demand(batch, "channel.batch_unasked")
        asked = root_of(nonce, audience, path), "batch"
    der = bytes_of(leaf, "channel.answer")
    spki = (
        x509.load_der_x509_certificate(der)
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    appraised = appraise(bytes_of(envelope, "channel.answer"), *asked, spki)
    digest = sha256(appraised.statement_bytes)
    return Session(url, der, appraised.statement, digest, nonce, audience, server)


def root_of(nonce, audience, path):
    """Root of a batch, in hex, from the own question and a path."""
    demand(len(path) <= MAX_STEPS, "channel.batch", str(len(path)))
    leaf = h("sha256", "casemate/batch/leaf/v1", bytes.fromhex(nonce), bytes.fromhex(audience))
    return batch_root(leaf, path).hex()


@dataclass(frozen=True)
class Sender:
    """Who seals: an X25519 key, and what makes evidence for it.

    `evidence(purpose, nonce, audience, request_digest)` gives an envelope.
    """

    key: object
    evidence: object


def prove(session, purpose, body, sender):
    """A sender's evidence for a request."""
    nonce = bytes.fromhex(session.server["nonce"])
    return sender.evidence(purpose, nonce, session.digest.hex(), sha256(body).hex())


def seal(session, purpose, path, body, key, envelope):
    """A sealed request to a server that was verified: the message, and what opens its answer.

    Who is no node has neither key nor envelope.
    """
    client = b""
    if envelope is not None:
        client = sha256(base64url(json.loads(envelope)["statement"]))
    context = Context(
        purpose=purpose,
        server_nonce=bytes.fromhex(session.server["nonce"]),
        client_nonce=bytes.fromhex(session.client_nonce),
        server_statement=session.digest,
        client_statement=client,
        method="POST",
        path=path,
    )
    sealed = SealedRequest(bytes.fromhex(session.statement["hpkeKey"]), key, context, body)
    message = {
        "clientNonce": session.client_nonce,
        "audience": session.audience,
        "serverStatement": session.digest.hex(),
        "nonce": session.server["nonce"],
        "cookie": session.server["cookie"],
        "envelope": None if envelope is None else to_base64url(envelope),
        "enc": sealed.enc.hex(),
        "ciphertext": to_base64url(sealed.ciphertext),
    }
    return message, sealed


def send(session, path, message, sealed):
    """Sends a sealed request to the pinned server, and opens its answer."""
    kind, answer = call(session.url, "POST", path, canonical(message), session.leaf)
    demand(kind == SEALED, "channel.answer", f"type {kind}")
    return strict_json(sealed.open(answer))
