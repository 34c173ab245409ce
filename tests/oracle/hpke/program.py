"""Sealing of the channel (protocol section 5.3) by pyhpke, written from the
protocol's text. Answers lines of JSON with lines of JSON; with `--vectors FILE`
it fills in what the cases of a file expect.
"""

import hashlib
import hmac
import json
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey
from pyhpke.exceptions import PyHPKEError
from pyhpke.kem_key import KEMKeyPair

SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)


def lp(data):
    return len(data).to_bytes(4, "big") + data


def raw(case, name):
    return bytes.fromhex(case[name] or "")


def secret_key(data):
    return KEMKey.from_pyca_cryptography_key(X25519PrivateKey.from_private_bytes(data))


def public_key(data):
    return KEMKey.from_pyca_cryptography_key(X25519PublicKey.from_public_bytes(data))


def public_of(data):
    return X25519PrivateKey.from_private_bytes(data).public_key().public_bytes_raw()


def info_of(case):
    fields = [b"casemate/hpke/v1", case["purpose"].encode()]
    fields += [raw(case, name) for name in ("serverNonce", "clientNonce", "serverStatement")]
    fields.append(raw(case, "clientStatement"))
    return hashlib.sha256(b"".join(lp(field) for field in fields)).digest()


def aad_of(case):
    return lp(case["method"].encode()) + lp(case["path"].encode())


def hmac256(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def answer_cipher(case, secret, enc, nonce):
    """RFC 9458 section 4.4; both outputs are at most one block of HKDF-Expand."""
    prk = hmac256(enc + nonce, secret)
    key, iv = hmac256(prk, b"key\x01"), hmac256(prk, b"nonce\x01")[:12]
    return AESGCM(key), iv


def seal_answer(case, secret, enc, nonce, answer):
    cipher, iv = answer_cipher(case, secret, enc, nonce)
    return nonce + cipher.encrypt(iv, answer, aad_of(case))


def exported(context):
    return context.export(b"casemate/response/v1", 32)


def seal(case):
    """Seals `body` to `pkR`, as `skS` where it is given, with `skE` where it is fixed."""
    ephemeral, sender = raw(case, "skE"), raw(case, "skS")
    pair = KEMKeyPair(secret_key(ephemeral), public_key(public_of(ephemeral))) if ephemeral else None
    enc, context = SUITE.create_sender_context(
        public_key(raw(case, "pkR")),
        info_of(case),
        sks=secret_key(sender) if sender else None,
        eks=pair,
    )
    ciphertext = context.seal(raw(case, "body"), aad_of(case))
    return {"enc": enc.hex(), "ciphertext": ciphertext.hex(), "secret": exported(context).hex()}


def opened(case):
    """Opens `ciphertext` with `skR`, as from `pkS` where it is given, and answers `answer`."""
    sender, enc = raw(case, "pkS"), raw(case, "enc")
    context = SUITE.create_recipient_context(
        enc,
        secret_key(raw(case, "skR")),
        info_of(case),
        pks=public_key(sender) if sender else None,
    )
    body = context.open(raw(case, "ciphertext"), aad_of(case))
    answer = seal_answer(case, exported(context), enc, raw(case, "responseNonce"), raw(case, "answer"))
    return {"body": body.hex(), "sealedAnswer": answer.hex()}


def open_answer(case):
    data = raw(case, "sealedAnswer")
    cipher, iv = answer_cipher(case, raw(case, "secret"), raw(case, "enc"), data[:32])
    return {"answer": cipher.decrypt(iv, data[32:], aad_of(case)).hex()}


DOES = {"seal": seal, "open": opened, "openAnswer": open_answer}


def reply(case):
    try:
        return {"refused": False, **DOES[case["do"]](case)}
    except (PyHPKEError, InvalidTag, ValueError) as error:
        return {"refused": True, "reason": f"{type(error).__name__} {error}"}


def expectation(case):
    sender = raw(case, "skS")
    public = {"pkR": public_of(raw(case, "skR")).hex(), "pkS": public_of(sender).hex() if sender else ""}
    sealed = seal({**case, **public})
    answer = seal_answer(
        case,
        bytes.fromhex(sealed["secret"]),
        bytes.fromhex(sealed["enc"]),
        raw(case, "responseNonce"),
        raw(case, "answer"),
    )
    hashes = {"info": info_of(case).hex(), "aad": aad_of(case).hex()}
    return {**public, **hashes, **sealed, "sealedAnswer": answer.hex()}


def main(arguments):
    if arguments[:1] == ["--vectors"]:
        with open(arguments[1], encoding="utf-8") as file:
            cases = json.load(file)
        for case in cases:
            case["expected"] = expectation(case)
        json.dump(cases, sys.stdout, indent=2)
        return
    for line in sys.stdin:
        print(json.dumps(reply(json.loads(line))), flush=True)


main(sys.argv[1:])
