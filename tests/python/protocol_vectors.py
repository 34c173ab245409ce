"""A second implementation of docs/protocol.md, written from its text alone.

Reads the examples of that page and the vectors of tests/vectors/protocol/,
and prints how many of each it found to be right. Python's standard library only.

    python3 protocol_vectors.py REPOSITORY
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import sys
from pathlib import Path

ID = r"[a-z0-9][a-z0-9.-]{0,62}"
DIGEST = r"[0-9a-f]{64}"
PURPOSES = "serve|init|join|unlock|renew|recover|cluster-cert"
LARGEST = 2**53 - 1
MEDIA_TYPE = "application/vnd.casemate.evidence+json"


class Refused(Exception):
    """What a reader refuses, by its code."""


# 1. Encodings


def lp(field):
    return struct.pack(">I", len(field)) + field


def h(name, label, *fields):
    text = lp(label.encode("ascii")) + b"".join(lp(field) for field in fields)
    return hashlib.new(name, text).digest()


def base64url(text):
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise ValueError("not base64url")
    decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(decoded) != text:
        raise ValueError("a second form")
    return decoded


def to_base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def members_once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a member is there twice")
    return dict(pairs)


def number(text):
    value = float(text) if re.search("[.eE]", text) else int(text)
    if abs(value) > LARGEST:
        raise ValueError("a number is too large")
    return int(value) if value == int(value) else value


def refuse_constant(text):
    raise ValueError(f"{text} is no JSON")


def check_depth(value, levels=16):
    if isinstance(value, (dict, list)):
        if levels == 0:
            raise ValueError("nested too deep")
        for item in value.values() if isinstance(value, dict) else value:
            check_depth(item, levels - 1)


def strict_json(data):
    text = data.decode("utf-8")
    if text.startswith("\ufeff"):
        raise ValueError("a byte order mark")
    value = json.loads(
        text,
        object_pairs_hook=members_once,
        parse_int=number,
        parse_float=number,
        parse_constant=refuse_constant,
    )
    # Half of a surrogate pair can be escaped, but not be written.
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    check_depth(value)
    return value


def canonical(value):
    """RFC 8785 for texts, whole numbers, objects and lists; all names here are ASCII."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def parse_or(code, data):
    try:
        return strict_json(data)
    except (ValueError, RecursionError) as error:
        raise Refused(code) from error


# 2. Statement

TEXTS = {
    "purpose": PURPOSES,
    "variant": ID,
    "audience": f"{DIGEST}|batch",
    "requestDigest": f"(?:{DIGEST})?",
    "clusterId": f"(?:{DIGEST})?",
    "manifestDigest": f"(?:{DIGEST})?",
    "role": f"(?:{ID})?",
    "nodeName": f"(?:{ID})?",
    "bootId": r"[0-9a-f]{32}",
    "tlsSpki": r"(?:[0-9a-f]{2}){1,1024}",
    "hpkeKey": DIGEST,
    "phase": "zero|cluster|member",
    "logHead": f"(?:{DIGEST})?",
}


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def has_members(statement):
    if not isinstance(statement, dict):
        return False
    if set(statement) != set(TEXTS) | {"v", "manifestSequence"}:
        return False
    if not is_whole(statement["v"]) or statement["v"] != 1:
        return False
    sequence = statement["manifestSequence"]
    if not is_whole(sequence) or not 0 <= sequence <= LARGEST:
        return False
    return all(
        isinstance(statement[name], str) and re.fullmatch(form, statement[name])
        for name, form in TEXTS.items()
    )


def is_consistent(s):
    admitted = [s["role"] != "", s["nodeName"] != "", s["manifestSequence"] >= 1]
    if s["phase"] == "member":
        fits = all(admitted) and s["manifestDigest"] != ""
    else:
        fits = not any(admitted)
    return (
        fits
        and (s["phase"] == "zero") == (s["clusterId"] == "")
        and (s["purpose"] != "serve" or s["requestDigest"] == "")
        and (s["audience"] != "batch" or s["purpose"] == "serve")
    )


def read_statement(data):
    if len(data) > 16384:
        raise Refused("statement.encoding")
    statement = parse_or("statement.encoding", data)
    if not has_members(statement):
        raise Refused("statement.member")
    if canonical(statement) != data:
        raise Refused("statement.not_canonical")
    if not is_consistent(statement):
        raise Refused("statement.inconsistent")
    return statement


# 3 and 4. Binding, report data, qualifying data


def binding_of(nonce, statement):
    return h("sha512", "casemate/binding/v1", nonce, statement)


def report_data(ak_name, binding):
    return h("sha512", "casemate/report/v1", ak_name, binding)


def qualifying_data(binding, report):
    beside = b"" if report is None else hashlib.sha256(report).digest()
    return h("sha256", "casemate/quote/v1", binding, beside)


# 5. Runtime register


def register_of(bank, statement, phase=None):
    phase = phase or statement["phase"]
    value = bytes(hashlib.new(bank).digest_size)
    if phase == "zero":
        return value
    cluster = bytes.fromhex(statement["clusterId"])
    value = hashlib.new(bank, value + h(bank, "casemate/phase/cluster", cluster)).digest()
    if phase == "cluster":
        return value
    fields = (
        statement["role"].encode("ascii"),
        statement["nodeName"].encode("ascii"),
        struct.pack(">Q", statement["manifestSequence"]),
    )
    return hashlib.new(bank, value + h(bank, "casemate/phase/member", *fields)).digest()


# 6. Envelope

TEE = set(
    "report leaf chainAskArk quote tcbInfo qeIdentity tcbChain pckCrl pckCrlChain rootCrl "
    "hclReport tdQuote eventLog firmwareEndorsement".split()
)
VTPM = set("akPub akCert document eventLog".split())
INSTANCE = {"identityDocument", "identitySignature"}
LISTS = {"crls": 4, "quotes": 4, "akCertIssuers": 6, "akCertCrls": 8}
BANKS = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}


def demand(holds):
    if not holds:
        raise ValueError("a member has another form")


def part_of(value, names):
    demand(isinstance(value, dict) and value and set(value) <= names)
    return value


def list_of(value, most):
    demand(isinstance(value, list) and 1 <= len(value) <= most)
    return value


def files_of(part, single):
    files = {}
    for name, value in part.items():
        if name in single:
            files[name] = base64url(value)
        elif name in LISTS and name != "quotes":
            files[name] = [base64url(item) for item in list_of(value, LISTS[name])]
    return files


def quotes_of(part):
    if "quotes" not in part:
        return {}
    quotes = list_of(part["quotes"], LISTS["quotes"])
    for quote in quotes:
        demand(isinstance(quote, dict) and set(quote) == {"msg", "sig"})
    return {
        "tpmQuoteMsg": [base64url(quote["msg"]) for quote in quotes],
        "tpmQuoteSig": [base64url(quote["sig"]) for quote in quotes],
    }


def pcrs_of(part):
    if "pcrs" not in part:
        return {}
    for bank, values in part_of(part["pcrs"], set(BANKS)).items():
        for value in part_of(values, {str(i) for i in range(24)}).values():
            demand(isinstance(value, str) and re.fullmatch(r"[0-9a-f]+", value))
            demand(len(value) == 2 * BANKS[bank])
    return {"pcrs": canonical(part["pcrs"])}


def vtpm_of(value):
    part = part_of(value, VTPM | {"quotes", "pcrs", "akCertIssuers", "akCertCrls"})
    demand("document" not in part or set(part) <= {"document", "eventLog"})
    return {**files_of(part, VTPM), **quotes_of(part), **pcrs_of(part)}


def members_of(value):
    demand(isinstance(value, dict))
    demand(set(value) <= {"v", "variant", "statement", "tee", "vtpm", "instance"})
    demand(is_whole(value.get("v")))
    demand(isinstance(value.get("variant"), str) and re.fullmatch(ID, value["variant"]))
    statement = base64url(value.get("statement"))
    demand(len(statement) <= 16384)
    files = {}
    if "tee" in value:
        files.update(files_of(part_of(value["tee"], TEE | {"crls"}), TEE))
    if "vtpm" in value:
        more = vtpm_of(value["vtpm"])
        demand(not ("eventLog" in files and "eventLog" in more))
        files.update(more)
    if "instance" in value:
        files.update(files_of(part_of(value["instance"], INSTANCE), INSTANCE))
    return value["variant"], statement, files


def read_envelope(data):
    if len(data) > 512 * 1024:
        raise Refused("input.too_large")
    value = parse_or("envelope.syntax", data)
    version = value.get("v") if isinstance(value, dict) else None
    if isinstance(version, (int, float)) and not isinstance(version, bool) and version != 1:
        raise Refused("envelope.version")
    try:
        return members_of(value)
    except ValueError as error:
        raise Refused("envelope.member") from error


# 7. CMW record


def cbor_head(data, at):
    demand(at < len(data))
    major, info = data[at] >> 5, data[at] & 31
    if info < 24:
        return major, info, at + 1
    demand(info <= 27)
    size = 1 << (info - 24)
    demand(at + 1 + size <= len(data))
    argument = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    demand(argument >= (24 if size == 1 else 1 << (4 * size)))
    return major, argument, at + 1 + size


def cbor_item(data, at):
    major, argument, at = cbor_head(data, at)
    if major == 0:
        return argument, at
    demand(major in (2, 3) and at + argument <= len(data))
    item = data[at : at + argument]
    return (item if major == 2 else item.decode("utf-8")), at + argument


def cbor_record(data):
    major, count, at = cbor_head(data, 0)
    demand(major == 4 and count in (2, 3))
    items = []
    for _ in range(count):
        item, at = cbor_item(data, at)
        items.append(item)
    demand(at == len(data) and isinstance(items[1], bytes))
    demand(isinstance(items[0], (str, int)))
    return items


def json_record(data):
    items = strict_json(data)
    demand(isinstance(items, list) and len(items) in (2, 3))
    return [items[0], base64url(items[1]), *items[2:]]


def read_cmw(data):
    first = data.lstrip(b" \t\r\n")[:1]
    try:
        items = json_record(data) if first in (b"[", b"{") else cbor_record(data)
        if len(items) == 3:
            demand(is_whole(items[2]) and 0 <= items[2] < 2**32)
    except ValueError as error:
        raise Refused("envelope.cmw") from error
    if items[0] != MEDIA_TYPE:
        raise Refused("envelope.media_type")
    if len(items) == 3 and not items[2] & 4:
        raise Refused("envelope.cmw")
    return items[1]


def cmw_json(envelope):
    return canonical([MEDIA_TYPE, to_base64url(envelope), 4])


def cbor_written(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    size = next(size for size in (1, 2, 4) if argument < 1 << (8 * size))
    info = {1: 24, 2: 25, 4: 26}[size]
    return bytes([major << 5 | info]) + argument.to_bytes(size, "big")


def cmw_cbor(envelope):
    text = MEDIA_TYPE.encode("ascii")
    parts = [cbor_written(4, 3), cbor_written(3, len(text)), text]
    return b"".join([*parts, cbor_written(2, len(envelope)), envelope, cbor_written(0, 4)])


# 8. Certificates


def der(tag, content):
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def extension_json(envelope):
    return der(0x0C, cmw_json(envelope))


def extension_cbor(envelope):
    return der(0x04, cmw_cbor(envelope))


# What is checked


class Tally:
    """Counts what is right, by what it is about, and keeps what is wrong."""

    def __init__(self):
        self.right = {}
        self.wrong = []

    def equal(self, about, actual, expected, says=""):
        if actual == expected:
            self.right[about] = self.right.get(about, 0) + 1
        else:
            self.wrong.append(f"{about} {says}: {actual!r:.200} is not {expected!r:.200}")

    def refused(self, about, read, refusals):
        for refusal in refusals:
            try:
                read(bytes.fromhex(refusal["bytes"]))
                code = "accepted"
            except Refused as error:
                code = str(error)
            self.equal(about, code, refusal["code"], refusal["says"])


def check_statements(tally, vectors):
    for case in vectors["cases"]:
        data = bytes.fromhex(case["bytes"])
        tally.equal("statements", canonical(case["statement"]), data, case["says"])
        tally.equal("statements", read_statement(data), case["statement"], case["says"])
    tally.refused("refusals of statements", read_statement, vectors["refusals"])


def check_bindings(tally, vectors):
    for case in vectors["bindings"]:
        given = {name: bytes.fromhex(value) for name, value in case.items() if value is not None}
        binding = binding_of(given["nonce"], given["statement"])
        tally.equal("bindings", binding, given["binding"])
        tally.equal("bindings", report_data(given["akName"], binding), given["reportData"])
        qualifying = qualifying_data(binding, given.get("report"))
        tally.equal("bindings", qualifying, given["qualifyingData"])
    for case in vectors["registers"]:
        statement = read_statement(bytes.fromhex(case["statement"]))
        for bank in ("sha256", "sha384"):
            tally.equal("registers", register_of(bank, statement).hex(), case[bank])


def hex_of(files):
    return {
        role: [item.hex() for item in file] if isinstance(file, list) else file.hex()
        for role, file in files.items()
    }


def check_envelopes(tally, vectors):
    for case in vectors["cases"]:
        envelope = bytes.fromhex(case["envelope"])
        variant, statement, files = read_envelope(envelope)
        given = (case["variant"], case["statement"], case["files"])
        tally.equal("envelopes", (variant, statement.hex(), hex_of(files)), given)
        tally.equal("envelopes", canonical(strict_json(envelope)), envelope)
        for form, write in (("cmwJson", cmw_json), ("cmwCbor", cmw_cbor)):
            tally.equal("records", write(envelope).hex(), case[form])
            tally.equal("records", read_cmw(bytes.fromhex(case[form])), envelope)
        tally.equal("extensions", extension_json(envelope).hex(), case["extensionJson"])
        tally.equal("extensions", extension_cbor(envelope).hex(), case["extensionCbor"])
    tally.refused("refusals of envelopes", read_envelope, vectors["refusals"])
    tally.refused("refusals of records", read_cmw, vectors["cmwRefusals"])


# 9 to 11. Clusters and the channel; what takes X25519 and AES is read by tests/second_client.

SEALED = "hpke-recipient hpke-sender request enc ciphertext response-secret answer sealed-answer".split()


def extended(statement):
    cluster = bytes.fromhex(statement["clusterId"])
    sequence = struct.pack(">Q", statement["manifestSequence"])
    admission = (statement["role"].encode(), statement["nodeName"].encode(), sequence)
    return {
        f"{bank}-extend-{phase}": h(bank, f"casemate/phase/{phase}", *fields).hex()
        for bank in ("sha256", "sha384")
        for phase, fields in (("cluster", [cluster]), ("member", admission))
    }


def clusters(blocks):
    owner, random = bytes.fromhex(blocks["owner"]), b"\x7a" * 32
    return {
        "owner": owner.hex(),
        "cluster-id": h("sha256", "casemate/cluster/v1", owner, random).hex(),
        "lab-cluster-id": h("sha256", "casemate/lab-cluster/v1", owner, random).hex(),
    }


def batch_root(leaf, path):
    for step in path:
        sibling = bytes.fromhex(step["hash"])
        pair = (sibling, leaf) if step["left"] else (leaf, sibling)
        leaf = h("sha256", "casemate/batch/node/v1", *pair)
    return leaf


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def channel(blocks, statement):
    raw = {name: bytes.fromhex(blocks[name]) for name in ("nonce", "enc", "response-secret")}
    leaf = h("sha256", "casemate/batch/leaf/v1", raw["nonce"], bytes.fromhex(statement["audience"]))
    path = strict_json(blocks["batch-path"].encode())
    boot = bytes.fromhex(statement["bootId"])
    cookie = (lp(struct.pack(">Q", 123456)), lp(b""), lp(b"\x9f" * 16))
    nonce = mac(b"\x5a" * 32, lp(boot), lp(b"join"), *cookie)
    digest = hashlib.sha256(canonical(statement)).digest()
    info = h("sha256", "casemate/hpke/v1", b"join", nonce, raw["nonce"], digest, b"\xc0" * 32)
    prk = mac(raw["enc"] + b"\x4e" * 32, raw["response-secret"])
    return {
        "batch-leaf": leaf.hex(),
        "batch-path": canonical(path).decode(),
        "batch-root": batch_root(leaf, path).hex(),
        "server-nonce": nonce.hex(),
        "hpke-info": info.hex(),
        "hpke-aad": (lp(b"POST") + lp(b"/v1/join")).hex(),
        "answer-key": mac(prk, b"key\x01").hex(),
        "answer-nonce": mac(prk, b"nonce\x01")[:12].hex(),
    }


def check_examples(tally, page):
    blocks = dict(re.findall(r"^```text example=([a-z0-9-]+)\n(.*)\n```$", page, re.M))
    data = statement_bytes = blocks["statement"].encode("utf-8")
    statement = read_statement(statement_bytes)
    binding = binding_of(bytes.fromhex(blocks["nonce"]), data)
    ak_name, report = (bytes.fromhex(blocks[name]) for name in ("ak-name", "report"))
    envelope = blocks["envelope"].encode("utf-8")
    expected = {
        "statement": canonical(statement).decode("utf-8"),
        "nonce": bytes(range(32)).hex(),
        "binding": binding.hex(),
        "report-data": report_data(b"", binding).hex(),
        "ak-name": "000b" + "3a" * 32,
        "report-data-with-ak": report_data(ak_name, binding).hex(),
        "report": read_envelope(envelope)[2]["report"].hex(),
        "quote-beside-report": qualifying_data(binding, report).hex(),
        "quote-alone": qualifying_data(binding, None).hex(),
        **extended(statement),
        "sha256-zero": register_of("sha256", statement, "zero").hex(),
        "sha256-cluster": register_of("sha256", statement, "cluster").hex(),
        "sha256-member": register_of("sha256", statement).hex(),
        "sha384-cluster": register_of("sha384", statement, "cluster").hex(),
        "sha384-member": register_of("sha384", statement).hex(),
        "envelope": canonical(strict_json(envelope)).decode("utf-8"),
        "cmw-json": cmw_json(envelope).decode("utf-8"),
        "cmw-cbor": cmw_cbor(envelope).hex(),
        "extension-json": extension_json(envelope).hex(),
        "extension-cbor": extension_cbor(envelope).hex(),
        **clusters(blocks),
        **channel(blocks, statement),
    }
    names = sorted(set(blocks) - set(SEALED))
    tally.equal("examples", names, sorted(expected), "names")
    for name, value in expected.items():
        tally.equal("examples", blocks.get(name), value, name)
    tally.equal("examples", read_envelope(envelope)[1], statement_bytes, "statement inside")


def main(repository):
    tally = Tally()
    folder = repository / "tests" / "vectors" / "protocol"
    checks = {
        "statements.json": check_statements,
        "bindings.json": check_bindings,
        "envelopes.json": check_envelopes,
    }
    for name, check in checks.items():
        check(tally, json.loads((folder / name).read_text("utf-8")))
    check_examples(tally, (repository / "docs" / "protocol.md").read_text("utf-8"))
    for problem in tally.wrong:
        print(problem, file=sys.stderr)
    print(json.dumps(tally.right))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
