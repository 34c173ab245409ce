"""The sealed examples of docs/protocol.md, which take X25519 and AES."""

import re
from pathlib import Path

from encoding import demand, sha256
from sealing import Context, X25519PrivateKey, answer_keys, open_answer, open_request

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "protocol.md"
RECIPIENT, SENDER = b"\x11" * 32, b"\x22" * 32


def check_examples():
    """Opens what the page has sealed; how many examples it held against others."""
    blocks = dict(
        re.findall(r"^```text example=([a-z0-9-]+)\n(.*)\n```$", PAGE.read_text("utf-8"), re.M)
    )
    hexes = "nonce server-nonce hpke-sender enc ciphertext sealed-answer".split()
    raw = {name: bytes.fromhex(blocks[name]) for name in hexes}
    context = Context(
        purpose="join",
        server_nonce=raw["server-nonce"],
        client_nonce=raw["nonce"],
        server_statement=sha256(blocks["statement"].encode("utf-8")),
        client_statement=b"\xc0" * 32,
        method="POST",
        path="/v1/join",
    )
    opened, secret = open_request(
        RECIPIENT, raw["hpke-sender"], context, raw["enc"], raw["ciphertext"]
    )
    key, nonce = answer_keys(secret, raw["enc"], raw["sealed-answer"][:32])
    answer = open_answer(secret, raw["enc"], context.aad(), raw["sealed-answer"])
    found = {
        "hpke-recipient": public(RECIPIENT),
        "hpke-sender": public(SENDER),
        "hpke-info": context.info().hex(),
        "hpke-aad": context.aad().hex(),
        "request": opened.decode("utf-8"),
        "response-secret": secret.hex(),
        "answer-key": key.hex(),
        "answer-nonce": nonce.hex(),
        "answer": answer.decode("utf-8"),
    }
    for name, value in found.items():
        demand(blocks[name] == value, f"example.{name}", value)
    return len(found)


def public(private):
    """The public half of a key, in hex."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()
