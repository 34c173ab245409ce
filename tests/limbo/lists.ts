/**
 * Revocation lists in the manner of x509-limbo (RFC 5280 §5), through both
 * engines and OpenSSL, which says of a list whether it can be read and who
 * signed it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { addYears, crlNumber, der, reasonCode, seal, writeCrl } from "../../src/lab/mod.ts";
import { noOpenssl } from "../../src/lab/openssl_test.ts";
import { NOW } from "../lab_authority.ts";
import { type DerNode, derNode, writeDer } from "../bends/der_edits.ts";
import { fill, longer, makeIndefinite, partOf, value } from "./case.ts";
import { type List, snpChain, tdxChain } from "./chain.ts";
import { Differences, isListForOpenssl, verdictOf } from "./judge.ts";

/** What comes of a list. */
type Expected = "accepted" | "malformed" | "shape" | "issuer" | "signature";

/** A case. */
interface ListCase {
  readonly what: string;
  readonly rule: string;
  readonly edit: (said: List["said"]) => Promise<Uint8Array>;
  readonly expected: Expected;
  readonly openssl?: string;
}

/** Places in the signed part of a list with an entry. */
const FIELD = { version: 0, algorithm: 1, issuer: 2, thisUpdate: 3, nextUpdate: 4, entries: 5 };

/** Somebody else's certificate. */
const ENTRY = { serial: 0x1234n, at: addYears(NOW, -1), extensions: [reasonCode(1)] };

/** Says something else; one entry unless said. */
const saying =
  (change: (said: List["said"]) => Partial<List["said"]>): ListCase["edit"] => (said) =>
    writeCrl({ ...said, revoked: [ENTRY], ...change(said) });

/** Changes the encoding of the signed part, which is signed after it. */
const encoding = (change: (signed: DerNode) => void): ListCase["edit"] => async (said) => {
  const list = { ...said, revoked: [ENTRY], signature: new Uint8Array(1) };
  const signed = partOf(derNode(await writeCrl(list)), 0);
  change(signed);
  return await seal(writeDer(signed), said);
};

/** Changes what stands around the signed part. */
const framing = (change: (list: DerNode) => void): ListCase["edit"] => async (said) => {
  const list = derNode(await writeCrl({ ...said, revoked: [ENTRY] }));
  change(list);
  return writeDer(list);
};

const BER = "OpenSSL takes BER";
const FORM = "it says who signed the list, not whether the list can be relied on";

const CASES: readonly ListCase[] = [
  {
    what: "an entry that is somebody else's",
    rule: "control",
    edit: saying(() => ({})),
    expected: "accepted",
  },
  {
    what: "no entry",
    rule: "§5.1.2.6",
    edit: saying(() => ({ revoked: [] })),
    expected: "accepted",
  },
  {
    what: "a list of no entries, written out",
    rule: "§5.1.2.6: must be absent",
    edit: encoding((signed) => partOf(signed, FIELD.entries).inner = []),
    expected: "accepted",
  },
  {
    what: "from 2050 as GeneralizedTime",
    rule: "§5.1.2.5",
    edit: saying(() => ({ nextUpdate: addYears(NOW, 30) })),
    expected: "accepted",
  },
  {
    what: "long length of the list",
    rule: "X.690 §10.1",
    edit: framing((list) => list.length = longer),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "long length of the signed part",
    rule: "X.690 §10.1",
    edit: encoding((signed) => signed.length = longer),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "long length of an entry",
    rule: "X.690 §10.1",
    edit: encoding((signed) => partOf(signed, FIELD.entries, 0).length = longer),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "indefinite length of the list",
    rule: "X.690 §10.1",
    edit: framing(makeIndefinite),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "indefinite length of the entries",
    rule: "X.690 §10.1",
    edit: encoding((signed) => makeIndefinite(partOf(signed, FIELD.entries))),
    expected: "malformed",
    openssl: BER,
  },
  {
    what: "a part more in the signed part",
    rule: "§5.1",
    edit: encoding((signed) => signed.inner.push(value(5))),
    expected: "malformed",
  },
  {
    what: "a part more around the signature",
    rule: "§5.1",
    edit: framing(({ inner }) => inner.push(value(5))),
    expected: "malformed",
  },
  {
    what: "a part more in an entry",
    rule: "§5.1",
    edit: encoding((signed) => partOf(signed, FIELD.entries, 0).inner.push(value(5))),
    expected: "malformed",
  },
  {
    what: "a signature that says one unused bit",
    rule: "§5.1.1.3",
    edit: framing((list) => {
      const signature = partOf(list, 2);
      signature.content = signature.content.map((octet, i) => i === 0 ? 1 : octet);
    }),
    expected: "signature",
  },
  {
    what: "an empty signature",
    rule: "§5.1.1.3",
    edit: framing((list) => fill(partOf(list, 2), 0)),
    expected: "signature",
  },
  {
    what: "two algorithms",
    rule: "§5.1.1.2",
    edit: saying(({ algorithm }) => ({
      algorithm: { ...algorithm, identifier: der.sequence(der.oid("1.2.3.4")) },
      outerIdentifier: algorithm.identifier,
    })),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "no version",
    rule: "§5.1.2.1",
    edit: encoding((signed) => signed.inner.shift()),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "version 1 written out",
    rule: "§5.1.2.1: must be v2",
    edit: encoding((signed) => fill(partOf(signed, FIELD.version), 0)),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "version 3",
    rule: "§5.1.2.1: must be v2",
    edit: encoding((signed) => fill(partOf(signed, FIELD.version), 2)),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "version 4",
    rule: "§5.1",
    edit: encoding((signed) => fill(partOf(signed, FIELD.version), 3)),
    expected: "malformed",
    openssl: FORM,
  },
  {
    what: "an issuer in other letters",
    rule: "§7.1: compared byte by byte, as vendors write them",
    edit: saying(({ issuer }) => ({
      issuer: issuer.map((part) => ({ ...part, value: part.value.toUpperCase() })),
    })),
    expected: "issuer",
    openssl: "it compares names without their case",
  },
  {
    what: "an issuer with a part of nothing",
    rule: "§4.1.2.4",
    edit: encoding((signed) =>
      partOf(signed, FIELD.issuer).inner.push({ tag: 0x31, content: new Uint8Array(), inner: [] })
    ),
    expected: "issuer",
    openssl: "it takes sets of any size",
  },
  {
    what: "a time that does not exist",
    rule: "X.680 §46",
    edit: encoding((signed) => {
      partOf(signed, FIELD.nextUpdate).content = new TextEncoder().encode("490230000000Z");
    }),
    expected: "malformed",
    openssl: FORM,
  },
  {
    what: "an entry whose serial number has a zero before it",
    rule: "X.690 §8.3.2",
    edit: encoding((signed) => fill(partOf(signed, FIELD.entries, 0, 0), 0, 5)),
    expected: "malformed",
  },
  {
    what: "an entry whose serial number is empty",
    rule: "X.690 §8.3.1",
    edit: encoding((signed) => fill(partOf(signed, FIELD.entries, 0, 0))),
    expected: "malformed",
  },
  {
    what: "an entry without a date",
    rule: "§5.1.2.6",
    edit: encoding((signed) => partOf(signed, FIELD.entries, 0).inner.splice(1, 1)),
    expected: "malformed",
  },
  {
    what: "an entry with an extension twice",
    rule: "§5.3",
    edit: saying(() => ({ revoked: [{ ...ENTRY, extensions: [reasonCode(1), reasonCode(1)] }] })),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "a certificate twice",
    rule: "§5.1.2.6",
    edit: saying(() => ({ revoked: [ENTRY, ENTRY] })),
    expected: "accepted",
  },
  {
    what: "a number twice",
    rule: "§5.2",
    edit: saying(({ extensions }) => ({ extensions: [...extensions, crlNumber(2)] })),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "a number of -1",
    rule: "§5.2.3",
    edit: saying(({ extensions }) => ({
      extensions: extensions.map((one) =>
        one.oid === crlNumber(1).oid ? { ...one, value: Uint8Array.of(2, 1, 0xff) } : one
      ),
    })),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "a number that is text",
    rule: "§5.2.3",
    edit: saying(({ extensions }) => ({
      extensions: extensions.map((one) =>
        one.oid === crlNumber(1).oid ? { ...one, value: der.utf8String("1") } : one
      ),
    })),
    expected: "shape",
    openssl: FORM,
  },
  {
    what: "critical of 01",
    rule: "X.690 §11.1",
    edit: encoding((signed) => partOf(signed, -1, 0, 0).inner.splice(1, 0, value(1, 1))),
    expected: "malformed",
    openssl: BER,
  },
];

/** Judges all cases in the place of one list. */
async function judgeAll(
  list: List,
  codeOf: (expected: Expected) => string,
  differences: Differences,
): Promise<void> {
  for (const one of CASES) {
    const what = `${list.name}, ${one.what} (${one.rule})`;
    const bytes = await one.edit(list.said);
    const verdict = await verdictOf((engine) => list.ask(engine, bytes), what);
    assert.equal(verdict, codeOf(one.expected), what);
    if (noOpenssl) continue;
    const byOpenssl = await isListForOpenssl(bytes, list.issuer);
    differences.note(one.what, verdict === "accepted", byOpenssl, what);
  }
}

Deno.test("limbo: revocation lists of SEV-SNP and TDX", async (test) => {
  const differences = new Differences(CASES);
  for (const [technology, makeChain] of [["snp", snpChain], ["tdx", tdxChain]] as const) {
    const codeOf = (expected: Expected): string => {
      if (expected === "accepted") return expected;
      return expected === "malformed" ? "x509.crl_malformed" : `${technology}.crl_${expected}`;
    };
    for (const list of (await makeChain()).lists) {
      await test.step(`${technology}: ${CASES.length} lists of the ${list.name}`, () =>
        judgeAll(list, codeOf, differences));
    }
  }
  if (noOpenssl) return;
  differences.settle();
  console.log("OpenSSL says otherwise, and the case why:", differences.count, "lists");
});
