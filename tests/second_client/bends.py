"""Requests to join that a node must not make: each is refused, and by which code the test says."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from channel import prove, seal, send
from encoding import random_hex, sha256

JOIN = "/v1/join"


class Bends:
    """Makes bent requests for a node that could join."""

    def __init__(self, joining, group, url):
        self.joining = joining
        self.node = joining.node
        self.sender = joining.node.sender()
        self.body = joining.join_body(group, url)
        self.other_body = joining.join_body(group, "https://127.0.0.1:1")

    def send(self, name, session=None):
        """Sends a bent request, by its name."""
        session = session or self.joining.session()
        message, sealed = getattr(self, name.replace("-", "_"))(session)
        return send(session, JOIN, message, sealed)

    def _evidence(self, session, purpose="join", audience=None, body=None, nonce=None):
        nonce = bytes.fromhex(nonce or session.server["nonce"])
        digest = sha256(body or self.body).hex()
        return self.sender.evidence(purpose, nonce, audience or session.digest.hex(), digest)

    def _sealed(self, session, envelope, body=None, key=None, purpose="join", path=JOIN):
        return seal(session, purpose, path, body or self.body, key or self.sender.key, envelope)

    def straight(self, session):
        """As it should be."""
        return self._sealed(session, prove(session, "join", self.body, self.sender))

    def other_audience(self, session):
        """Evidence for another server than this one."""
        return self._sealed(session, self._evidence(session, audience=random_hex()))

    def changed_body(self, session):
        """A body that was changed after evidence was given for it."""
        return self._sealed(session, self._evidence(session), body=self.other_body)

    def other_sender(self, session):
        """Sealed by another key than the one that evidence names."""
        return self._sealed(session, self._evidence(session), key=X25519PrivateKey.generate())

    def other_purpose(self, session):
        """Evidence for renewing a lease."""
        return self._sealed(session, self._evidence(session, purpose="renew"))

    def sealed_for_renewal(self, session):
        """Sealed for another purpose than evidence was given for."""
        return self._sealed(session, self._evidence(session), purpose="renew", path="/v1/renew")

    def other_nonce(self, session):
        """Evidence for a nonce that the server did not give."""
        return self._sealed(session, self._evidence(session, nonce=random_hex()))

    def invented_nonce(self, session):
        """A nonce that the server never gave, with evidence and seal for it."""
        server = {**session.server, "nonce": random_hex()}
        session = replace(session, server=server)
        return self._sealed(session, self._evidence(session))

    def longer_nonce(self, session):
        """A nonce whose end was moved."""
        cookie = {**session.server["cookie"]}
        cookie["expiry"] += 60_000
        session = replace(session, server={**session.server, "cookie": cookie})
        return self._sealed(session, self._evidence(session))

    def other_statement(self, session):
        """A request that is bound to a statement which the server never made."""
        session = replace(session, digest=sha256(b"another statement"))
        return self._sealed(session, self._evidence(session))

    def no_evidence(self, session):
        """Without evidence."""
        message, sealed = self.straight(session)
        return {**message, "envelope": None}, sealed

    def further_member(self, session):
        """With a member that the message does not have."""
        message, sealed = self.straight(session)
        return {**message, "further": 1}, sealed
