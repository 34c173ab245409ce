"""Sealed requests and their answers (section 11), by pyhpke."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from encoding import Failure, demand, h, lp

SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
NONCE_SIZE = 32


@dataclass(frozen=True)
class Context:
    """What a sealed request is bound to: bytes, absent ones empty; texts are ASCII."""

    purpose: str
    server_nonce: bytes
    client_nonce: bytes
    server_statement: bytes
    client_statement: bytes
    method: str
    path: str

    def info(self):
        """What HPKE takes as info."""
        fields = (
            self.server_nonce,
            self.client_nonce,
            self.server_statement,
            self.client_statement,
        )
        return h("sha256", "casemate/hpke/v1", self.purpose.encode("ascii"), *fields)

    def aad(self):
        """What the request and its answer are sealed beside."""
        return lp(self.method.encode("ascii")) + lp(self.path.encode("ascii"))


class SealedRequest:
    """A request, and what opens its answer."""

    def __init__(self, to, own, context, body):
        """Seals a body to a public key (32 bytes), by an own X25519 key, or by none."""
        recipient = KEMKey.from_pyca_cryptography_key(X25519PublicKey.from_public_bytes(to))
        sender = None if own is None else KEMKey.from_pyca_cryptography_key(own)
        self.enc, sealing = SUITE.create_sender_context(recipient, info=context.info(), sks=sender)
        self.aad = context.aad()
        self.ciphertext = sealing.seal(body, aad=self.aad)
        self.secret = sealing.export(b"casemate/response/v1", 32)

    def open(self, answer):
        """Opens the answer, which only who could open the request can have made."""
        return open_answer(self.secret, self.enc, self.aad, answer)


def answer_keys(secret, enc, response_nonce):
    """Key and nonce of an answer (RFC 9458, 4.4)."""
    extract = HMAC(enc + response_nonce, SHA256())
    extract.update(secret)
    prk = extract.finalize()
    key, nonce = (
        HKDFExpand(SHA256(), size, label).derive(prk)
        for label, size in ((b"key", 32), (b"nonce", 12))
    )
    return key, nonce


def open_answer(secret, enc, aad, answer):
    """Opens an answer."""
    demand(len(answer) > NONCE_SIZE, "channel.answer_short")
    key, nonce = answer_keys(secret, enc, answer[:NONCE_SIZE])
    try:
        return AESGCM(key).decrypt(nonce, answer[NONCE_SIZE:], aad)
    except InvalidTag as error:
        raise Failure("channel.answer_foreign") from error


def open_request(private, sender, context, enc, ciphertext):
    """Opens a request as its receiver does; `sender` is a public key, or None."""
    own = KEMKey.from_pyca_cryptography_key(X25519PrivateKey.from_private_bytes(private))
    of = None
    if sender is not None:
        of = KEMKey.from_pyca_cryptography_key(X25519PublicKey.from_public_bytes(sender))
    opening = SUITE.create_recipient_context(enc, own, info=context.info(), pks=of)
    body = opening.open(ciphertext, aad=context.aad())
    return body, opening.export(b"casemate/response/v1", 32)
