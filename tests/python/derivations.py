"""Keys, nonces and batches as Python computes them, from the text of the
protocol alone (sections 1, 5.3 to 5.5 and 7) and with nothing but its standard library.

  python3 derivations.py FILE...          compares what the files expect, exit 1 where it differs
  python3 derivations.py --write FILE...  writes what they should expect
"""

import hashlib
import hmac
import json
import sys


def lp(data):
    return len(data).to_bytes(4, "big") + data


def framed(*fields):
    return b"".join(lp(field) for field in fields)


def labelled(label, *fields):
    return hashlib.sha256(framed(label.encode(), *fields)).digest()


def u64(number):
    return number.to_bytes(8, "big")


def hkdf(secret, salt, info, length):
    prk = hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()
    out, block, count = b"", b"", 0
    while len(out) < length:
        count += 1
        block = hmac.new(prk, block + info + bytes([count]), hashlib.sha256).digest()
        out += block
    return out[:length]


def raw(case, name):
    return bytes.fromhex(case[name] or "")


def epoch_root(case):
    info = framed(b"casemate/cluster-root/v1", raw(case, "clusterId"), u64(case["epoch"]))
    return hkdf(raw(case, "secret"), raw(case, "salt"), info, 32).hex()


def cluster_key(case):
    purpose = case["purpose"]
    info = framed(b"casemate/key/v1", purpose.encode(), case["id"].encode(), u64(case["generation"]))
    return hkdf(raw(case, "root"), b"", info, 64 if purpose in ("disk", "volume") else 32).hex()


def kms_root(case):
    info = framed(b"casemate/kms-root/v1", raw(case, "clusterId"))
    return hkdf(framed(raw(case, "kms"), raw(case, "owner")), raw(case, "salt"), info, 32).hex()


def nonce(case):
    message = framed(
        raw(case, "bootId"),
        case["purpose"].encode(),
        u64(case["expiry"]),
        raw(case, "clientSpki"),
        raw(case, "random"),
    )
    return hmac.new(raw(case, "secret"), message, hashlib.sha256).hexdigest()


def batch(case):
    """Root, and the path of each leaf as (sibling, whether it stands left)."""
    level = [
        labelled("casemate/batch/leaf/v1", raw(one, "nonce"), raw(one, "audience"))
        for one in case["questions"]
    ]
    paths = [[] for _ in level]
    places = list(range(len(level)))
    while len(level) > 1:
        for leaf, place in enumerate(places):
            sibling = place ^ 1
            if sibling < len(level):
                paths[leaf].append({"hash": level[sibling].hex(), "left": sibling < place})
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [
            labelled("casemate/batch/node/v1", *pair) if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
        places = [place // 2 for place in places]
    return {"root": level[0].hex(), "paths": paths}


SECTIONS = {
    "epochRoots": epoch_root,
    "keys": cluster_key,
    "kmsRoots": kms_root,
    "nonces": nonce,
    "batches": batch,
}


def main(arguments):
    writing = arguments[:1] == ["--write"]
    counts, wrong = {}, []
    for path in arguments[1:] if writing else arguments:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for section, cases in document.items():
            for number, case in enumerate(cases):
                expected = SECTIONS[section](case)
                if writing:
                    case["expected"] = expected
                elif case["expected"] != expected:
                    wrong.append(f"{section} {number}: {case['expected']}, not {expected}")
                counts[section] = counts.get(section, 0) + 1
        if writing:
            with open(path, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=2)
                file.write("\n")
    print(json.dumps(counts))
    for problem in wrong:
        print(problem, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
