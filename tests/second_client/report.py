"""Reports of SEV-SNP (AMD 56860, table 22), and the chain of VCEK, ASK and ARK (AMD 57230)."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.x509.oid import SignatureAlgorithmOID

from encoding import Failure, demand

SIZE, SIGNED = 1184, 0x2A0
ECDSA_P384_SHA384 = 1
DEBUG = 1 << 19
OID = "1.3.6.1.4.1.3704.1"
# Components of the TCB version before Turin, by extension and byte.
COMPONENTS = {f"{OID}.3.1": 0, f"{OID}.3.2": 1, f"{OID}.3.3": 6, f"{OID}.3.8": 7}
HARDWARE_ID = f"{OID}.4"


@dataclass(frozen=True)
class Report:
    """The fields that this client looks at."""

    version: int
    policy: int
    vmpl: int
    report_data: bytes
    measurement: bytes
    host_data: bytes
    reported_tcb: bytes
    chip_id: bytes


def read_report(data):
    """A report's fields; nothing is verified."""
    demand(len(data) == SIZE, "report.size", str(len(data)))

    def number(at, size):
        return int.from_bytes(data[at : at + size], "little")

    demand(number(0x34, 4) == ECDSA_P384_SHA384, "report.algorithm")
    return Report(
        version=number(0, 4),
        policy=number(0x08, 8),
        vmpl=number(0x30, 4),
        report_data=data[0x50:0x90],
        measurement=data[0x90:0xC0],
        host_data=data[0xC0:0xE0],
        reported_tcb=data[0x180:0x188],
        chip_id=data[0x1A0:0x1E0],
    )


def verify_report(data, leaf):
    """That the VCEK signed the report, and that it is the certificate of its chip and firmware."""
    report = read_report(data)
    r, s = (int.from_bytes(data[at : at + 72], "little") for at in (SIGNED, SIGNED + 72))
    try:
        signature = utils.encode_dss_signature(r, s)
        leaf.public_key().verify(signature, data[:SIGNED], ec.ECDSA(SHA384()))
    except InvalidSignature as error:
        raise Failure("report.signature") from error
    values = {one.oid.dotted_string: one.value.value for one in leaf.extensions if is_amds(one)}
    for oid, at in COMPONENTS.items():
        demand(integer(values[oid]) == report.reported_tcb[at], "report.tcb", oid)
    demand(values[HARDWARE_ID] == report.chip_id, "report.chip")
    demand(report.vmpl == 0, "report.vmpl", str(report.vmpl))
    demand(not report.policy & DEBUG, "report.debug")
    return report


def verify_amd_chain(leaf, issuers, roots, now):
    """That a VCEK's chain ends in one of the roots; nothing of the chain is taken as a root."""
    intermediate = [one for one in issuers if one.subject != one.issuer]
    demand(len(intermediate) == 1, "report.chain")
    ask = intermediate[0]
    for root in roots:
        if root.subject == ask.issuer and signed_by(ask, root) and signed_by(leaf, ask):
            for one in (leaf, ask, root):
                valid = one.not_valid_before_utc <= now <= one.not_valid_after_utc
                demand(valid, "report.chain_time", one.subject.rfc4514_string())
            return root
    raise Failure("report.chain")


def signed_by(certificate, issuer):
    """Whether a certificate is its issuer's, by RSASSA-PSS as AMD signs."""
    if certificate.signature_algorithm_oid != SignatureAlgorithmOID.RSASSA_PSS:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def is_amds(extension):
    """Whether an extension is AMD's own."""
    of_amd = extension.oid.dotted_string.startswith(f"{OID}.")
    return of_amd and isinstance(extension.value, x509.UnrecognizedExtension)


def integer(der):
    """A small INTEGER in DER."""
    demand(der[:1] == b"\x02" and der[1] == len(der) - 2, "report.extension")
    return int.from_bytes(der[2:], "big")
