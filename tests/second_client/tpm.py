"""A TPM 2.0 over a unix socket, by the bytes of the TCG's specification (Part 2 and 3).

Only what a node of the protocol needs: its attestation key, registers and quotes.
"""

import socket
import struct
import time
from dataclasses import dataclass

NO_SESSIONS, SESSIONS = 0x8001, 0x8002
ENDORSEMENT, OWNER, PASSWORD = 0x4000000B, 0x40000001, 0x40000009
ALGORITHMS = {"sha1": 0x0004, "sha256": 0x000B, "sha384": 0x000C, "sha512": 0x000D}
NULL = 0x0010
NV_OWNER_READ, NV_AUTH_READ = 1 << 17, 1 << 18
CAPABILITY_PCRS = 5
# At most so many values come with one answer to PCR_Read, and so many bytes with NV_Read.
VALUES_AT_ONCE, NV_AT_ONCE = 8, 512
# Warnings that ask for the same command again: TPM_RC_YIELDED, _TESTING and _RETRY.
AGAIN, ATTEMPTS = {0x908, 0x90A, 0x922}, 20


class TpmError(Exception):
    """A command failed; the response code is Part 2, 6.6."""


def u16(number):
    return struct.pack(">H", number)


def u32(number):
    return struct.pack(">I", number)


def sized(data):
    """TPM2B."""
    return u16(len(data)) + data


def selection(bank, registers):
    """TPML_PCR_SELECTION of one bank."""
    bits = sum(1 << register for register in registers)
    return u32(1) + u16(ALGORITHMS[bank]) + b"\x03" + bits.to_bytes(3, "little")


class Reader:
    """Reads fields one after the other."""

    def __init__(self, data):
        self.data = data

    def take(self, size):
        if size > len(self.data):
            raise TpmError("an answer ends too early")
        field, self.data = self.data[:size], self.data[size:]
        return field

    def u16(self):
        return int.from_bytes(self.take(2), "big")

    def u32(self):
        return int.from_bytes(self.take(4), "big")

    def sized(self):
        return self.take(self.u16())


@dataclass(frozen=True)
class AttestationKey:
    """`handle` in the TPM, public area as TPM2B_PUBLIC, and TPM Name."""

    handle: int
    public: bytes
    name: bytes


class Tpm:
    """A connection to a TPM, such as swtpm's socket of the type unixio."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(30)
        self.socket.connect(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def command(self, code, handles, parameters, authorized=True):
        """Runs a command with an empty password for its first handle; the answer without header."""
        session = u32(PASSWORD) + sized(b"") + b"\x00" + sized(b"")
        body = b"".join(map(u32, handles))
        if authorized:
            body += u32(len(session)) + session
        body += parameters
        tag = SESSIONS if authorized else NO_SESSIONS
        message = struct.pack(">HII", tag, 10 + len(body), code) + body
        result, answer = self._exchange(message)
        for _ in range(ATTEMPTS):
            if result not in AGAIN:
                break
            time.sleep(0.01)
            result, answer = self._exchange(message)
        if result != 0:
            raise TpmError(f"command {code:#x} failed: response {result:#x}")
        return Reader(answer)

    def _exchange(self, message):
        self.socket.sendall(message)
        _, size, result = struct.unpack(">HII", self._receive(10))
        return result, self._receive(size - 10)

    def _receive(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise TpmError("the TPM hung up")
            data += piece
        return data

    def read_nv(self, index):
        """What stands at an index of NV memory."""
        public = Reader(self.command(0x169, [index], b"", authorized=False).sized())
        public.take(6)
        attributes, _, size = public.u32(), public.sized(), public.u16()
        authority = index if attributes & NV_AUTH_READ else OWNER
        if not attributes & (NV_AUTH_READ | NV_OWNER_READ):
            raise TpmError(f"nobody here may read {index:#x}")
        content = b""
        while len(content) < size:
            length = min(NV_AT_ONCE, size - len(content))
            answer = self.command(0x14E, [authority, index], u16(length) + u16(len(content)))
            answer.u32()
            content += answer.sized()
        return content

    def create_primary(self, template):
        """The key that the endorsement hierarchy makes of a template (TPMT_PUBLIC)."""
        sensitive = sized(sized(b"") + sized(b""))
        parameters = sensitive + sized(template) + sized(b"") + u32(0)
        answer = self.command(0x131, [ENDORSEMENT], parameters)
        handle = answer.u32()
        answer.u32()
        public = answer.sized()
        answer.sized()
        answer.sized()
        answer.u16(), answer.u32(), answer.sized()
        return AttestationKey(handle, sized(public), answer.sized())

    def flush(self, handle):
        """Forgets a key."""
        self.command(0x165, [], u32(handle), authorized=False)

    def banks(self):
        """Banks that have registers, by name."""
        question = u32(CAPABILITY_PCRS) + u32(0) + u32(1)
        answer = self.command(0x17A, [], question, authorized=False)
        answer.take(5)
        active = set()
        for _ in range(answer.u32()):
            algorithm = answer.u16()
            if any(answer.take(answer.take(1)[0])):
                active.add(algorithm)
        return [bank for bank, algorithm in ALGORITHMS.items() if algorithm in active]

    def read_registers(self, bank, registers):
        """Values of registers, by number."""
        values, wanted = {}, list(registers)
        while wanted:
            asked = wanted[:VALUES_AT_ONCE]
            answer = self.command(0x17E, [], selection(bank, asked), authorized=False)
            answer.u32()
            answer.take(10)
            if answer.u32() != len(asked):
                raise TpmError(f"bank {bank} has not all of {asked}")
            values |= {register: answer.sized() for register in asked}
            wanted = wanted[VALUES_AT_ONCE:]
        return values

    def extend(self, register, digests):
        """Extends a register by digests, given by bank; other banks stay as they are."""
        values = b"".join(u16(ALGORITHMS[bank]) + digest for bank, digest in digests.items())
        self.command(0x182, [register], u32(len(digests)) + values)

    def quote(self, key, bank, registers, qualifying_data):
        """TPMS_ATTEST and TPMT_SIGNATURE by a key that has its own scheme."""
        parameters = sized(qualifying_data) + u16(NULL) + selection(bank, registers)
        answer = self.command(0x158, [key.handle], parameters)
        answer.u32()
        message = answer.sized()
        return message, answer.data[: self._signature_size(answer.data)]

    @staticmethod
    def _signature_size(data):
        """Size of TPMT_SIGNATURE of ECDSA; behind it comes what is for the session."""
        reader = Reader(data)
        if reader.u16() != 0x0018:
            raise TpmError("a signature that is not ECDSA's")
        reader.u16(), reader.sized(), reader.sized()
        return len(data) - len(reader.data)
