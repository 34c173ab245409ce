"""Signed documents: DSSE, by keys of P-384 (section 1)."""

import base64
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from encoding import Failure, canonical, demand, members, strict_json


class Signed:
    """A document and its signatures; who signed it is not yet known."""

    def __init__(self, file, kind):
        try:
            envelope = members(
                strict_json(file), "dsse.malformed", *"payloadType payload signatures".split()
            )
            self.kind, payload, signatures = envelope
            self.payload = base64.b64decode(payload, validate=True)
            self.signatures = {
                one["keyid"]: base64.b64decode(one["sig"], validate=True) for one in signatures
            }
        except (ValueError, TypeError, KeyError) as error:
            raise Failure("dsse.malformed", str(error)) from error
        demand(self.kind == kind, "dsse.type", self.kind)

    def is_by(self, key):
        """Whether a key (SubjectPublicKeyInfo, DER) signed."""
        signature = self.signatures.get(hashlib.sha256(key).hexdigest())
        if signature is None:
            return False
        signed = what_is_signed(self.kind, self.payload)
        try:
            read_key(key).verify(signature, signed, ec.ECDSA(SHA384()))
        except InvalidSignature:
            return False
        return True


def what_is_signed(kind, payload):
    """DSSE's pre-authentication encoding."""
    name = kind.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def spki_of(key):
    """SubjectPublicKeyInfo of a private key, DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(kind, payload, key):
    """A signed document."""
    signature = key.sign(what_is_signed(kind, payload), ec.ECDSA(SHA384()))
    keyid = hashlib.sha256(spki_of(key)).hexdigest()
    signatures = [{"keyid": keyid, "sig": base64.b64encode(signature).decode("ascii")}]
    text = base64.b64encode(payload).decode("ascii")
    return canonical({"payloadType": kind, "payload": text, "signatures": signatures})


@lru_cache
def read_key(spki):
    """A key of P-384."""
    try:
        key = load_der_public_key(spki)
    except ValueError as error:
        raise Failure("manifest.owner", str(error)) from error
    on_curve = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP384R1)
    demand(on_curve, "manifest.owner", "no key of P-384")
    return key
