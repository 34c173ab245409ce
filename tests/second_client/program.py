"""The second client as a program: one question in JSON a line on standard input, one answer each.

{"do": NAME, …} → {"ok": …} or {"refused": CODE, "message": …, "status": … or null}
"""

import json
import sys
from datetime import UTC, datetime

from owner import Owner, OwnerBends

from appraise import Expected, appraise, certificates
from bends import Bends
from channel import Question, call_json
from encoding import Failure, base64url
from examples import check_examples
from join import Joining
from machine import LabTee, Machine
from manifest import Chain, moment
from node import Node
from protocol_vectors import Refused
from serve import AttestServer


class Program:
    """Keeps a node between questions."""

    def __init__(self):
        self.node = None
        self.server = None
        self.joining = None
        self.sessions = {}
        self.questions = []
        self.owner = None
        self.expected = None

    def examples(self):
        """Holds the sealed examples of the page against each other."""
        return {"examples": check_examples()}

    def start(self, tpm, tee, clusterId, bootId, eventLog=None):
        """Boots a machine whose TPM and TEE answer at unix sockets."""
        log = None
        if eventLog is not None:
            with open(eventLog, "rb") as file:
                log = file.read()
        self.node = Node(Machine(tpm, LabTee(tee), log), clusterId, bootId)
        self.node.start()
        return {"phase": self.node.phase}

    def serve(self):
        """Answers `/v1/attest` from now on."""
        self.server = AttestServer(self.node).start()
        return {"url": self.server.url}

    def pose(self):
        """Answers with the cluster's manifests, as if it were a control plane."""
        self.server.manifests = call_json(self.joining.url, "GET", "/v1/manifest")
        return {}

    def asked(self):
        """Paths that were asked for here."""
        return {"paths": sorted(set(self.server.asked))}

    def evidence(self, purpose, nonce, audience, requestDigest=""):
        """Evidence for a question."""
        envelope = self.node.evidence(purpose, bytes.fromhex(nonce), audience, requestDigest)
        return {"envelope": envelope.decode("utf-8")}

    def enter(self, admission):
        """Becomes member."""
        self.node.become_member(admission)
        return {}

    def foreign(self, clusterId):
        """Goes on as if the node had been launched for another cluster."""
        self.node.cluster_id = clusterId
        return {}

    def connect(self, url, labRoots, minimumSequence=0):
        """Takes a control plane's manifests, verified from the cluster's id."""
        with open(labRoots, "rb") as file:
            roots = certificates(file.read())
        self.joining = Joining(self.node, url, roots, minimumSequence)
        self.joining.fetch_manifests()
        chain = self.joining.chain
        return {"sequence": chain.sequence, "digest": chain.digest_of(chain.sequence)}

    def trust(self, labRoots, statement, nonce, registers, project):
        """What evidence is to be verified against from now on."""
        with open(labRoots, "rb") as file:
            roots = certificates(file.read())
        now = datetime.now(UTC)
        terms = (bytes.fromhex(nonce), statement, [registers], {project}, roots, now)
        self.expected = Expected(*terms)
        return {}

    def appraise(self, envelope):
        """Verifies an envelope against that."""
        return {"statement": appraise(envelope.encode("utf-8"), self.expected).statement}

    def chain(self, manifests, clusterId, now, minimumSequence=0):
        """Verifies a chain of manifests by itself."""
        files = [base64url(one) for one in manifests]
        return {"sequence": Chain(files, clusterId, minimumSequence, moment(now)).sequence}

    def attest(self, session):
        """Verifies the control plane, and keeps the session under a name."""
        self.sessions[session] = self.joining.session()
        return {"statement": self.sessions[session].statement}

    def ask_many(self, count):
        """Sends so many questions for evidence, taking batches; nobody waits for an answer yet."""
        self.questions = [Question(self.joining.url) for _ in range(count)]
        return {"asked": count}

    def hear_many(self):
        """Their answers; how many of them were of batches."""
        found = [one.session(self.joining.appraise_server) for one in self.questions]
        batches = [one for one in found if one.statement["audience"] == "batch"]
        for one in batches:
            self.sessions["batch"] = one
        return {"answered": len(found), "batches": len(batches)}

    def join(self, group, session=None):
        """Asks to be admitted; the phase stays."""
        answer = self.joining.join(group, self.server.url, self.sessions.get(session))
        return answer

    def become(self, answer):
        """Becomes member by an answer."""
        self.joining.become_member(answer)
        return {"phase": self.node.phase}

    def renew(self):
        """Renews the lease; the manifest that is known then."""
        answer = self.joining.renew(self.server.url)
        return answer | {"sequence": self.joining.chain.sequence}

    def update(self, manifest):
        """Hands the next manifest to the server, a file."""
        with open(manifest, "rb") as file:
            self.joining.hand_over([file.read()])
        return {}

    def bend(self, name, group, session=None):
        """Sends a bent request to join."""
        bends = Bends(self.joining, group, self.server.url)
        return bends.send(name, self.sessions.get(session))

    def found(self, labRoots, project, registers):
        """Founds a cluster: its id."""
        with open(labRoots, "rb") as file:
            self.owner = Owner(certificates(file.read()), project, registers)
        return {"clusterId": self.owner.cluster_id}

    def initialise(self, url):
        """Initialises a node."""
        body = self.owner.body()
        return self.owner.initialise(self.owner.attest(url, body), body)

    def bend_init(self, name, url):
        """Tries to initialise a node in a wrong way."""
        return getattr(OwnerBends(self.owner, url), name.replace("-", "_"))()


def answered(program, question):
    """The answer to a question."""
    name = question.pop("do")
    try:
        return {"ok": getattr(program, name)(**question)}
    except Failure as error:
        status = getattr(error, "status", None)
        return {"refused": error.code, "message": str(error), "status": status}
    except Refused as error:
        return {"refused": str(error), "message": str(error), "status": None}


def main():
    program = Program()
    for line in sys.stdin:
        print(json.dumps(answered(program, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
