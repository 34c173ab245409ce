"""A node of the protocol: its boot, keys, statements, and how it joins (section 13)."""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from channel import AGENTS, Sender
from encoding import Failure
from machine import Machine, cluster_event, member_event
from protocol_vectors import register_of

NOBODY = {"manifestDigest": "", "manifestSequence": 0, "role": "", "nodeName": ""}


class Keys:
    """Keys of a node, which are renewed whenever its phase changes."""

    def __init__(self):
        self.tls = ec.generate_private_key(ec.SECP256R1())
        self.hpke = X25519PrivateKey.generate()
        self.leaf = self_signed(self.tls)
        self.spki = self.tls.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )


def self_signed(key):
    """A certificate for a TLS key (section 10); that evidence names the key is all that counts."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "second client")])
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1))
        .not_valid_after(datetime(2049, 12, 31))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(f"*.{AGENTS}")]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, SHA256())
    )


@dataclass
class Node:
    """A machine in one boot, on its way into a cluster."""

    machine: Machine
    cluster_id: str
    boot_id: str
    variant: str = "gcp-sev-snp"
    phase: str = "cluster"
    admission: dict = field(default_factory=lambda: dict(NOBODY))
    keys: Keys = field(default_factory=Keys)

    def start(self):
        """Enters the phase `cluster`, or finds the boot in it already."""
        state = {"phase": "cluster", "clusterId": self.cluster_id}
        registers = self.machine.registers()
        if all(not any(value) for value in registers.values()):
            self.machine.enter(cluster_event(self.cluster_id))
        elif any(value != register_of(bank, state) for bank, value in registers.items()):
            raise Failure("node.register", "neither zero nor of this cluster")

    def become_member(self, admission):
        """Enters the phase `member` as what it was admitted as; renews the keys."""
        names = ("role", "nodeName", "manifestSequence")
        self.machine.enter(member_event(*(admission[name] for name in names)))
        self.phase, self.admission, self.keys = "member", admission, Keys()

    def statement(self, purpose, audience, request_digest=""):
        """What this node states of itself."""
        return {
            "v": 1,
            "purpose": purpose,
            "variant": self.variant,
            "audience": audience,
            "requestDigest": request_digest,
            "clusterId": self.cluster_id,
            "bootId": self.boot_id,
            "tlsSpki": self.keys.spki.hex(),
            "hpkeKey": self.keys.hpke.public_key().public_bytes_raw().hex(),
            "phase": self.phase,
            "logHead": "",
            **self.admission,
        }

    def evidence(self, purpose, nonce, audience, request_digest=""):
        """An envelope for a question."""
        return self.machine.evidence(self.statement(purpose, audience, request_digest), nonce)

    def sender(self):
        """Who seals its requests."""
        return Sender(self.keys.hpke, self.evidence)
