"""What a machine of the variant gcp-sev-snp gives evidence with: its TPM, and the lab's TEE.

Phases (section 5), report data and qualifying data (section 4).
"""

import base64
import http.client
import json
import socket
from contextlib import contextmanager
from threading import Lock

from encoding import base64url, canonical, demand, h, members, to_base64url
from protocol_vectors import binding_of, qualifying_data, report_data
from tpm import Tpm

# Google Compute Engine's attestation key on P-256: its template and its certificate in NV memory.
AK_TEMPLATE, AK_CERTIFICATE = 0x01C10003, 0x01C10002
QUOTED = range(16)
PHASE_REGISTER, PHASE_BANKS = 15, ("sha256", "sha384")


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class LabTee:
    """The TEE of a machine of the lab, asked over its unix socket."""

    def __init__(self, path):
        self.path = path

    def report(self, report_data):
        """Files of the member `tee` of an envelope."""
        connection = UnixConnection(self.path)
        body = json.dumps({"reportData": report_data.hex()})
        connection.request("POST", "/report", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        demand(answer.status == 200, "tee.refused", text.decode("utf-8", "replace"))
        names = ("provider", "report", "leaf", "chain", "lists")
        _, report, leaf, chain, lists = members(json.loads(text), "tee.answer", *names)
        tee = {"report": base64url(report), "leaf": base64url(leaf)}
        tee["chainAskArk"] = b"".join(pem(base64url(one)) for one in chain)
        if lists:
            tee["crls"] = [base64url(one) for one in lists]
        return tee


def pem(certificate):
    """A certificate as text."""
    text = base64.encodebytes(certificate).decode("ascii")
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n".encode("ascii")


def cluster_event(cluster_id):
    """What is extended for the phase `cluster`."""
    return ("casemate/phase/cluster", bytes.fromhex(cluster_id))


def member_event(role, name, sequence):
    """What is extended for the phase `member`."""
    fields = (role.encode("ascii"), name.encode("ascii"), sequence.to_bytes(8, "big"))
    return ("casemate/phase/member", *fields)


class Machine:
    """TPM (path of its unix socket) and TEE of one boot; each use connects to the TPM anew."""

    def __init__(self, tpm_path, tee, event_log=None):
        self.tpm_path = tpm_path
        self.tee = tee
        self.event_log = event_log
        self.turn = Lock()

    @contextmanager
    def tpm(self):
        """The TPM, which serves one connection after the other."""
        with self.turn, Tpm(self.tpm_path) as tpm:
            yield tpm

    def registers(self):
        """The runtime register, by those banks of the protocol that the TPM has."""
        with self.tpm() as tpm:
            return {
                bank: tpm.read_registers(bank, [PHASE_REGISTER])[PHASE_REGISTER]
                for bank in banks_of(tpm)
            }

    def enter(self, event):
        """Extends a phase into every bank that holds it."""
        with self.tpm() as tpm:
            digests = {bank: h(bank, *event) for bank in banks_of(tpm)}
            tpm.extend(PHASE_REGISTER, digests)

    def evidence(self, statement, nonce):
        """An envelope: a statement (a dictionary) bound to report and quotes."""
        data = canonical(statement)
        binding = binding_of(nonce, data)
        with self.tpm() as tpm, attestation_key(tpm) as key:
            tee = self.tee.report(report_data(key.name, binding))
            vtpm = quoted(tpm, key, qualifying_data(binding, tee["report"]))
        if self.event_log:
            vtpm["eventLog"] = to_base64url(self.event_log)
        parts = {"statement": to_base64url(data), "tee": encoded(tee), "vtpm": vtpm}
        return canonical({"v": 1, "variant": statement["variant"], **parts})


def banks_of(tpm):
    """Banks that hold the phase."""
    return [bank for bank in PHASE_BANKS if bank in tpm.banks()]


@contextmanager
def attestation_key(tpm):
    """The attestation key, while it is needed."""
    key = tpm.create_primary(tpm.read_nv(AK_TEMPLATE))
    try:
        yield key
    finally:
        tpm.flush(key.handle)


def quoted(tpm, key, qualifying):
    """The member `vtpm` of an envelope."""
    vtpm = {"quotes": [], "pcrs": {}, "akPub": to_base64url(key.public)}
    for bank in banks_of(tpm):
        message, signature = tpm.quote(key, bank, QUOTED, qualifying)
        vtpm["quotes"].append(encoded({"msg": message, "sig": signature}))
        values = tpm.read_registers(bank, QUOTED)
        vtpm["pcrs"][bank] = {str(number): value.hex() for number, value in values.items()}
    vtpm["akCert"] = to_base64url(tpm.read_nv(AK_CERTIFICATE))
    return vtpm


def encoded(files):
    """Files as members of an envelope."""
    return {
        name: [to_base64url(one) for one in file] if isinstance(file, list) else to_base64url(file)
        for name, file in files.items()
    }
