"""An owner: founds a cluster, and initialises its first node (sections 9, 12 and 14)."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding

from appraise import appraise
from channel import call_json, seal, send, session_of
from dsse import sign, spki_of
from encoding import canonical, demand, h, lp, members, random_hex, sha256, to_base64url
from join import control_plane
from manifest import MANIFEST, REFERENCES, Chain

REQUEST = "application/vnd.casemate.owner-request+json"
INIT_ANSWER = "v role nodeName manifestDigest nodeAuthority already".split()


def text_of(moment):
    """A moment to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Owner:
    """An owner of a lab's cluster: its key, secrets and first manifest."""

    def __init__(self, lab_roots, project, registers):
        self.key = ec.generate_private_key(ec.SECP384R1())
        self.spki, self.random = spki_of(self.key), secrets.token_bytes(32)
        self.secret, self.salt = secrets.token_bytes(32), secrets.token_bytes(32)
        self.lab_roots = lab_roots
        label = "casemate/lab-cluster/v1"
        self.cluster_id = h("sha256", label, self.spki, self.random).hex()
        self.now = datetime.now(UTC)
        self.reference = sign(REFERENCES, self._reference(registers), self.key)
        self.manifest = sign(MANIFEST, self._manifest(project, registers), self.key)
        self.chain = Chain([self.manifest], self.cluster_id)
        self.chain.take_references([self.reference])

    def _reference(self, registers):
        one = {"name": "lab", "gcp-sev-snp": {"vtpm": {"registers": registers}}}
        issued = text_of(self.now)
        return canonical({"version": 1, "release": "lab", "issued": issued, "sets": [one]})

    def _manifest(self, project, registers):
        variant = "gcp-sev-snp"
        roles = ("control-plane", "worker")
        common = {"variant": variant, "min": 0, "max": 3, "account": project}
        reference = sha256(self._reference(registers)).hex()
        roots = [sha256(one.public_bytes(Encoding.DER)).hex() for one in self.lab_roots]
        return canonical(
            {
                "v": 1,
                "clusterId": self.cluster_id,
                "sequence": 1,
                "issued": text_of(self.now),
                "notAfter": text_of(self.now + timedelta(days=1)),
                "previous": "",
                "owner": self.spki.hex(),
                "random": self.random.hex(),
                "labRoots": roots,
                "images": [{"variant": variant, "version": "lab", "reference": reference}],
                "policy": {"version": 1, "admitVariants": [variant]},
                "kubernetes": "1.34.2",
                "groups": [{"name": one, "role": one, **common} for one in roles],
                "network": "wireguard-strict",
                "storageClasses": [],
                "workloadPolicy": "",
                "witnesses": [],
                "cosigningKey": "",
                "custodians": None,
            }
        )

    def epoch_root(self, epoch):
        """K_e (section 14)."""
        fields = (
            b"casemate/cluster-root/v1",
            bytes.fromhex(self.cluster_id),
            epoch.to_bytes(8, "big"),
        )
        return HKDF(SHA256(), 32, self.salt, b"".join(map(lp, fields))).derive(self.secret)

    def body(self, epoch=1):
        """What is sealed to `/v1/init`; the node keeps the cluster's state in its own memory."""
        return canonical(
            {
                "v": 1,
                "manifests": [to_base64url(self.manifest)],
                "references": [to_base64url(self.reference)],
                "epoch": epoch,
                "epochRoot": self.epoch_root(epoch).hex(),
                "time": text_of(self.now),
                "store": None,
            }
        )

    def attest(self, url, body, key=None, owner=None):
        """Asks a node for evidence to initialise it by a body.

        `key` signs and `owner` (DER) is named as the owner in place of its own.
        """
        request = {
            "v": 1,
            "purpose": "init",
            "clusterId": self.cluster_id,
            "owner": (owner or self.spki).hex(),
            "random": self.random.hex(),
            "nonce": random_hex(),
            "body": sha256(body).hex(),
            "issued": text_of(datetime.now(UTC)),
        }
        payload = canonical(request)
        signed = to_base64url(sign(REQUEST, payload, key or self.key))
        answer = call_json(url, "POST", "/v1/init/attest", {"request": signed})
        audience = sha256(payload).hex()
        return session_of(url, answer, request["nonce"], audience, self._appraise)

    def _appraise(self, envelope, nonce, audience, spki):
        statement = {
            "purpose": "init",
            "audience": audience,
            "requestDigest": audience,
            "clusterId": self.cluster_id,
            "phase": "cluster",
            "tlsSpki": spki.hex(),
        }
        return appraise(envelope, control_plane(self.chain, nonce, statement, self.lab_roots))

    def initialise(self, session, body):
        """Seals an initialisation to a node that was verified."""
        message, sealed = seal(session, "init", "/v1/init", body, None, None)
        answer = send(session, "/v1/init", message, sealed)
        members(answer, "init.answer", *INIT_ANSWER)
        demand(answer["manifestDigest"] == self.chain.digest_of(1), "init.answer", "manifest")
        return answer


class OwnerBends:
    """Initialisations that a node must refuse, by name."""

    def __init__(self, owner, url):
        self.owner = owner
        self.url = url

    def other_signer(self):
        """A request that somebody else signed."""
        key = ec.generate_private_key(ec.SECP384R1())
        return self.owner.attest(self.url, self.owner.body(), key)

    def other_owner(self):
        """A request of another owner, who is not of this cluster."""
        key = ec.generate_private_key(ec.SECP384R1())
        return self.owner.attest(self.url, self.owner.body(), key, spki_of(key))

    def other_body(self):
        """An epoch root that the owner's request did not announce."""
        session = self.owner.attest(self.url, self.owner.body())
        return self.owner.initialise(session, self.owner.body(epoch=2))

    def other_audience(self):
        """Sealed as if another request had been asked with."""
        body = self.owner.body()
        session = self.owner.attest(self.url, body)
        return self.owner.initialise(replace(session, audience=random_hex()), body)

    def other_nonce(self):
        """Sealed with a nonce that the node never gave."""
        body = self.owner.body()
        session = self.owner.attest(self.url, body)
        server = {**session.server, "nonce": random_hex()}
        return self.owner.initialise(replace(session, server=server), body)
