"""Quotes of a TPM (TPMS_ATTEST, Part 2, 10.12) and the certificate of their key."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import ExtensionNotFound, ObjectIdentifier

from encoding import Failure, demand
from tpm import ALGORITHMS, Reader

MAGIC, QUOTE = 0xFF544347, 0x8018
SHA256_ID, ECDSA_ID, ECC_ID, P256_ID = 0x000B, 0x0018, 0x0023, 0x0003
FIXED_TPM, FIXED_PARENT, OWN_ORIGIN, RESTRICTED, SIGN = 1 << 1, 1 << 4, 1 << 5, 1 << 16, 1 << 18
INSTANCE = ObjectIdentifier("1.3.6.1.4.1.11129.2.1.21")


def public_area(public):
    """TPMT_PUBLIC of TPM2B_PUBLIC or TPMT_PUBLIC, as `akPub` may be either."""
    size = int.from_bytes(public[:2], "big")
    return public[2:] if size == len(public) - 2 else public


def name_of(public):
    """TPM Name of a key."""
    area = public_area(public)
    demand(area[2:4] == SHA256_ID.to_bytes(2, "big"), "ak.name_algorithm")
    return area[2:4] + hashlib.sha256(area).digest()


def key_of(public):
    """The public key on P-256, of an attestation key that cannot leave its TPM."""
    reader = Reader(public_area(public))
    demand(reader.u16() == ECC_ID, "ak.kind")
    reader.u16()
    wanted = FIXED_TPM | FIXED_PARENT | OWN_ORIGIN | RESTRICTED | SIGN
    demand(reader.u32() & wanted == wanted, "ak.attributes")
    reader.sized()
    scheme = [reader.u16() for _ in range(5)]
    demand(scheme == [0x0010, ECDSA_ID, SHA256_ID, P256_ID, 0x0010], "ak.scheme", str(scheme))
    x, y = (int.from_bytes(reader.sized(), "big") for _ in range(2))
    demand(not reader.data, "ak.leftovers")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def verify_quote(message, signature, key, qualifying_data):
    """That the key signed a quote for the question: registers by bank, and their digest."""
    reader = Reader(signature)
    demand([reader.u16(), reader.u16()] == [ECDSA_ID, SHA256_ID], "quote.algorithm")
    r, s = (int.from_bytes(reader.sized(), "big") for _ in range(2))
    try:
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Failure("quote.signature") from error
    attest = Reader(message)
    demand([attest.u32(), attest.u16()] == [MAGIC, QUOTE], "quote.kind")
    attest.sized()
    demand(attest.sized() == qualifying_data, "quote.qualifying_data")
    attest.take(17 + 8)
    return read_selection(attest)


def read_selection(attest):
    """The end of a quote: registers by bank, in its order, and the digest of their values."""
    names = {id_: name for name, id_ in ALGORITHMS.items()}
    banks = []
    for _ in range(attest.u32()):
        algorithm = attest.u16()
        bits = int.from_bytes(attest.take(attest.take(1)[0]), "little")
        demand(algorithm in names, "quote.banks", hex(algorithm))
        banks.append((names[algorithm], [number for number in range(24) if bits >> number & 1]))
    digest = attest.sized()
    demand(not attest.data, "quote.leftovers")
    return banks, digest


def quoted_values(given, banks, digest):
    """Those of the given values (hex by bank and by number as text) that were quoted."""
    values = {}
    for bank, registers in banks:
        texts = {str(number): given.get(bank, {}).get(str(number)) for number in registers}
        demand(None not in texts.values(), "quote.registers", f"{bank} lacks one")
        values.setdefault(bank, {}).update(texts)
    joined = b"".join(
        bytes.fromhex(values[bank][str(number)])
        for bank, registers in banks
        for number in registers
    )
    demand(hashlib.sha256(joined).digest() == digest, "quote.registers")
    return values


def verify_ak_certificate(certificate, key, roots, now):
    """That a root certified the key; who runs the instance, as its extension says."""
    demand(certificate.public_key() == key, "ak.certificate_of_another_key")
    valid = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    demand(valid, "ak.certificate_time")
    for root in roots:
        if root.subject != certificate.issuer:
            continue
        try:
            certificate.verify_directly_issued_by(root)
            return project_of(certificate)
        except (InvalidSignature, ValueError, TypeError):
            continue
    raise Failure("ak.chain")


def project_of(certificate):
    """Project of an instance of Google Compute Engine: the third of the extension's members."""
    try:
        der = certificate.extensions.get_extension_for_oid(INSTANCE).value.value
    except ExtensionNotFound as error:
        raise Failure("ak.instance") from error
    texts, at = [], 2 if der[1] < 128 else 2 + (der[1] & 127)
    while at < len(der):
        size = der[at + 1]
        demand(size < 128, "ak.instance")
        content = der[at + 2 : at + 2 + size]
        if der[at] == 0x0C:
            texts.append(content.decode("utf-8"))
        at += 2 + size
    demand(len(texts) >= 2, "ak.instance")
    return texts[1]
