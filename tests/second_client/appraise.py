"""Verifies evidence of the variant gcp-sev-snp in an envelope (sections 2 to 6)."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from encoding import Failure, demand, strict_json
from protocol_vectors import (
    Refused,
    binding_of,
    qualifying_data,
    read_envelope,
    read_statement,
    register_of,
    report_data,
)
from quote import key_of, name_of, quoted_values, verify_ak_certificate, verify_quote
from report import verify_amd_chain, verify_report
from tpm import TpmError

VARIANT = "gcp-sev-snp"
PEM = b"-----BEGIN CERTIFICATE-----"
# What libraries raise for files that are not of their form.
MALFORMED = (ValueError, KeyError, TypeError, TpmError, UnsupportedAlgorithm, x509.InvalidVersion)


@dataclass(frozen=True)
class Expected:
    """What a verifier knows beforehand.

    `statement` has members that the statement must have so; `registers` are accepted states, each
    as {bank: {number as text: [values in hex]}}, of which one must be met whole; `projects` are
    those whose machines are admitted.
    """

    nonce: bytes
    statement: dict
    registers: list
    projects: set
    roots: list
    now: datetime
    host_data: list | None = None


@dataclass(frozen=True)
class Appraised:
    """What was verified."""

    statement: dict
    statement_bytes: bytes
    project: str


def certificates(data):
    """Certificates of a file: PEM, or DER one after the other."""
    if PEM in data:
        return x509.load_pem_x509_certificates(data)
    found = []
    while data:
        length = data[1]
        size = 2 + length
        if length & 0x80:
            count = length & 0x7F
            size = 2 + count + int.from_bytes(data[2 : 2 + count], "big")
        found.append(x509.load_der_x509_certificate(data[:size]))
        data = data[size:]
    return found


def appraise(envelope, expected):
    """Verifies an envelope whole.

    Raises Failure or Refused with the reason; nothing of an envelope counts before it returns.
    """
    try:
        return verified(envelope, expected)
    except MALFORMED as error:
        raise Failure("evidence.malformed", f"{type(error).__name__} {error}") from error


def verified(envelope, expected):
    """What was verified of an envelope."""
    variant, data, files = read_envelope(envelope)
    demand(variant == VARIANT, "variant", variant)
    statement = read_statement(data)
    demand(statement["variant"] == variant, "statement.variant")
    for member, value in expected.statement.items():
        demand(statement[member] == value, f"statement.{member}", str(statement[member]))

    key = key_of(files["akPub"])
    binding = binding_of(expected.nonce, data)
    verify_tee(files, report_data(name_of(files["akPub"]), binding), expected)
    (certificate,) = certificates(files["akCert"])
    project = verify_ak_certificate(certificate, key, expected.roots, expected.now)
    demand(project in expected.projects, "ak.project", project)
    banks = verify_quotes(files, key, qualifying_data(binding, files["report"]))
    verify_phase(statement, banks)
    verify_state(banks, expected.registers)
    return Appraised(statement, data, project)


def verify_tee(files, wanted, expected):
    """That a genuine chip made the report, over the key of the TPM and the statement."""
    (leaf,) = certificates(files["leaf"])
    verify_amd_chain(leaf, certificates(files["chainAskArk"]), expected.roots, expected.now)
    report = verify_report(files["report"], leaf)
    demand(report.report_data == wanted, "report.data")
    fits = expected.host_data is None or report.host_data.hex() in expected.host_data
    demand(fits, "report.host_data")


def verify_quotes(files, key, qualifying):
    """Values of the registers that were quoted, by bank."""
    banks, given = {}, strict_json(files["pcrs"])
    for message, signature in zip(files["tpmQuoteMsg"], files["tpmQuoteSig"], strict=True):
        quoted, digest = verify_quote(message, signature, key, qualifying)
        for bank, values in quoted_values(given, quoted, digest).items():
            banks.setdefault(bank, {}).update(values)
    return banks


def verify_phase(statement, banks):
    """That the runtime register of every bank that was quoted is of the statement's phase."""
    quoted = [bank for bank in ("sha256", "sha384") if "15" in banks.get(bank, {})]
    demand(quoted, "phase.not_quoted")
    for bank in quoted:
        value = register_of(bank, statement).hex()
        demand(banks[bank]["15"] == value, "phase.mismatch", bank)


def verify_state(banks, accepted):
    """That one of the accepted states is met whole, by registers that were quoted."""
    for state in accepted:
        if state and all(
            banks.get(bank, {}).get(number) in values
            for bank, registers in state.items()
            for number, values in registers.items()
        ):
            return
    raise Failure("registers", "no accepted state is met")


__all__ = ["Appraised", "Expected", "Refused", "appraise", "certificates"]
