"""Encodings of the protocol (section 1), beside those that tests/python has from the same page."""

import hashlib
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))

from protocol_vectors import (  # noqa: E402, F401
    Refused,
    base64url,
    canonical,
    h,
    lp,
    strict_json,
    to_base64url,
)


class Failure(Exception):
    """This client refuses; `code` says why, in its own words."""

    def __init__(self, code, message=""):
        super().__init__(f"{code}: {message}")
        self.code = code


def demand(condition, code, message=""):
    """Refuses unless a condition holds."""
    if not condition:
        raise Failure(code, message)


def sha256(data):
    return hashlib.sha256(data).digest()


def random_hex(size=32):
    return secrets.token_bytes(size).hex()


def members(value, code, *names):
    """An object with exactly these members: a list of their values."""
    demand(isinstance(value, dict) and set(value) == set(names), code, f"members {sorted(value)}")
    return [value[name] for name in names]


def bytes_of(value, code):
    """Bytes of a member in base64url."""
    try:
        return base64url(value)
    except ValueError as error:
        raise Failure(code, str(error)) from error
