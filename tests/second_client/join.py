"""Joining a cluster and staying in it (section 13)."""

from datetime import UTC, datetime

from cryptography import x509

from appraise import Expected, appraise
from channel import attest, call, call_json, prove, seal, send
from encoding import bytes_of, canonical, demand, members, to_base64url
from manifest import Chain

JOINED = (
    "v role nodeName lease leaseSeconds manifestSequence manifests references certificate "
    "nodeAuthority peers time controlPlane"
).split()
GRANTED = "epoch epochRoot nodeAuthorityKey logKey store".split()
RENEWED = "v leaseSeconds certificate manifests references peers time".split()


def files_of(texts):
    """Files of a message."""
    return [bytes_of(one, "manifest.answer") for one in texts]


def control_plane(chain, nonce, statement, lab_roots):
    """What a control plane's evidence must be under a chain of manifests."""
    group = chain.group_of_role("control-plane")
    return Expected(
        nonce=bytes.fromhex(nonce),
        statement=statement,
        registers=chain.accepted_registers(group["variant"]),
        projects={group["account"]},
        roots=chain.believed(lab_roots),
        now=datetime.now(UTC),
        host_data=chain.host_data(group["variant"]),
    )


class Joining:
    """A node and the control plane that it talks to."""

    def __init__(self, node, url, lab_roots, minimum_sequence=0):
        self.node = node
        self.url = url
        self.lab_roots = lab_roots
        self.minimum_sequence = minimum_sequence
        self.chain = None
        self.lease = None
        self.authority = None

    def fetch_manifests(self):
        """The cluster's manifests, verified from its id."""
        answer = call_json(self.url, "GET", "/v1/manifest")
        manifests, references = members(answer, "manifest.answer", "manifests", "references")
        chain = Chain(files_of(manifests), self.node.cluster_id, self.minimum_sequence)
        chain.take_references(files_of(references))
        self.chain = chain

    def hand_over(self, manifests):
        """Gives the server newer manifests, which it verifies by itself."""
        answer = call_json(self.url, "GET", "/v1/manifest")
        whole = [*answer["manifests"], *map(to_base64url, manifests)]
        update = {"manifests": whole, "references": answer["references"]}
        call(self.url, "POST", "/v1/manifest/update", canonical(update))

    def session(self):
        """The server, verified as a control plane of this cluster that is its member."""
        return attest(self.url, self.appraise_server)

    def appraise_server(self, envelope, nonce, audience, spki):
        """Evidence of a control plane under this cluster's manifest."""
        statement = {
            "purpose": "serve",
            "audience": audience,
            "clusterId": self.node.cluster_id,
            "phase": "member",
            "role": "control-plane",
            "tlsSpki": spki.hex(),
        }
        expected = control_plane(self.chain, nonce, statement, self.lab_roots)
        appraised = appraise(envelope, expected)
        sequence = appraised.statement["manifestSequence"]
        digest = appraised.statement["manifestDigest"]
        demand(self.chain.digest_of(sequence) == digest, "server.manifest", str(sequence))
        return appraised

    def join_body(self, group, url):
        """What is sealed to `/v1/join`."""
        sequence = self.chain.sequence
        body = {"v": 1, "group": group, "url": url, "manifestSequence": sequence, "ticket": None}
        return canonical(body)

    def ask(self, session, purpose, path, body):
        """A request of this node, and its answer."""
        sender = self.node.sender()
        envelope = prove(session, purpose, body, sender)
        message, sealed = seal(session, purpose, path, body, sender.key, envelope)
        return send(session, path, message, sealed)

    def join(self, group, url, session=None):
        """Asks to be admitted, and becomes member as what it was admitted as."""
        session = session or self.session()
        answer = self.ask(session, "join", "/v1/join", self.join_body(group, url))
        members(answer, "join.answer", *JOINED)
        if answer["role"] == "control-plane":
            members(answer["controlPlane"], "join.answer", *GRANTED)
        else:
            demand(answer["controlPlane"] is None, "join.answer", "secrets for a worker")
        self.take_manifests(answer)
        demand(answer["manifestSequence"] == self.chain.sequence, "join.answer", "manifest")
        self.lease = answer["lease"]
        authority = bytes_of(answer["nodeAuthority"], "join.answer")
        self.authority = x509.load_der_x509_certificate(authority)
        self.verify_certificate(answer)
        return answer

    def take_manifests(self, answer):
        """Takes manifests and reference values of an answer, verified behind known ones."""
        chain = self.chain.extended(files_of(answer["manifests"]))
        chain.take_references(files_of(answer["references"]))
        self.chain = chain

    def become_member(self, answer):
        """Enters the phase `member` by an answer."""
        sequence = answer["manifestSequence"]
        admission = {"role": answer["role"], "nodeName": answer["nodeName"]}
        admission |= {
            "manifestSequence": sequence,
            "manifestDigest": self.chain.digest_of(sequence),
        }
        self.node.become_member(admission)

    def renew(self, url):
        """Shows that the node still lives, under fresh evidence."""
        body = {
            "v": 1,
            "lease": self.lease,
            "url": url,
            "manifestSequence": self.chain.sequence,
        }
        answer = self.ask(self.session(), "renew", "/v1/renew", canonical(body))
        members(answer, "renew.answer", *RENEWED)
        if answer["manifests"]:
            self.take_manifests(answer)
        self.verify_certificate(answer | self.node.admission)
        return answer

    def verify_certificate(self, answer):
        """That the cluster's authority certified this node's key, under its name and role."""
        file = bytes_of(answer["certificate"], "answer.certificate")
        certificate = x509.load_der_x509_certificate(file)
        certificate.verify_directly_issued_by(self.authority)
        demand(certificate.public_key() == self.node.keys.tls.public_key(), "answer.certificate")
        names = {one.rfc4514_attribute_name: one.value for one in certificate.subject}
        wanted = {"O": answer["role"], "CN": answer["nodeName"]}
        demand(names == wanted, "answer.certificate", str(names))
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        dns = alternative.value.get_values_for_type(x509.DNSName)
        demand(answer["nodeName"] in dns, "answer.certificate", str(dns))
