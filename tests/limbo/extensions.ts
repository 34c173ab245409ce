/**
 * Extensions (RFC 5280 §4.2), names and algorithms.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import {
  basicConstraints,
  der,
  dropExtension,
  type Extension,
  EXTENSION_OIDS,
  replaceExtension,
  strictKeyUsage,
} from "../../src/lab/mod.ts";
import {
  adding,
  type Edit,
  encoding,
  FIELD,
  fieldOf,
  framing,
  type LimboCase,
  partOf,
  saying,
  value,
} from "./case.ts";

/** An extension in the place of that of the same identifier, or added where there is none. */
const putting = (extension: Extension): Edit =>
  saying(({ extensions }) => ({
    extensions: extensions.some(({ oid }) => oid === extension.oid)
      ? replaceExtension(extensions, extension)
      : [...extensions, extension],
  }));

/** Without an extension; SEV-SNP's leaves have none of these. */
const without = (oid: string): Edit =>
  saying(({ extensions }) => ({ extensions: dropExtension(extensions, oid) }));

const constraints = (...parts: readonly Uint8Array[]): Edit =>
  putting({ oid: EXTENSION_OIDS.basicConstraints, critical: true, value: der.sequence(...parts) });

const usage = (...octets: readonly number[]): Edit =>
  putting({
    oid: EXTENSION_OIDS.keyUsage,
    critical: true,
    value: der.tagged(3, Uint8Array.from(octets)),
  });

const unknown = (critical: boolean): Extension => ({
  oid: "2.999.1.2.3",
  critical,
  value: der.nullValue(),
});

const TRUE = der.boolean(true);
const NAMES = concat(
  der.sequence(der.explicit(0, der.sequence(der.implicit(2, der.ia5String("a"))))),
);

/** What authorities may. */
const AUTHORITY: readonly LimboCase[] = [
  {
    what: "no basic constraints",
    rule: "§6.1.4 k",
    edit: without(EXTENSION_OIDS.basicConstraints),
    expected: { issuer: "shape", root: "shape" },
    openssl: "a trusted root may go without",
  },
  {
    what: "basic constraints of an authority on a leaf",
    rule: "57230 §3.1, Intel's profile §1.3.5",
    edit: putting(basicConstraints(true)),
    expected: { leaf: "shape" },
    openssl: "whether a leaf may issue does not matter to it",
  },
  {
    what: "CA of false",
    rule: "§6.1.4 k",
    edit: putting(basicConstraints(false)),
    expected: { issuer: "shape", root: "shape" },
  },
  {
    what: "CA of false, written out",
    rule: "X.690 §11.5",
    edit: constraints(der.boolean(false)),
    expected: "shape",
    openssl: "a leaf is no authority, however it says it",
  },
  {
    what: "CA of 01",
    rule: "X.690 §11.1",
    edit: constraints(Uint8Array.of(1, 1, 1)),
    expected: "shape",
    openssl: "it takes BER's truth",
  },
  {
    what: "path length of -1",
    rule: "§4.2.1.9",
    edit: constraints(TRUE, Uint8Array.of(2, 1, 0xff)),
    expected: "shape",
  },
  {
    what: "path length of 0 with a zero before it",
    rule: "X.690 §8.3.2",
    edit: constraints(TRUE, Uint8Array.of(2, 2, 0, 0)),
    expected: "shape",
  },
  {
    what: "path length of 256",
    rule: "no profile has it",
    edit: constraints(TRUE, der.integer(256)),
    expected: "shape",
    openssl: "any is long enough",
  },
  {
    what: "path length without CA",
    rule: "§4.2.1.9",
    edit: constraints(der.integer(0)),
    expected: { issuer: "shape", root: "shape" },
  },
  {
    what: "path length that is exceeded",
    rule: "§6.1.4 l",
    edit: putting(basicConstraints(true, 0)),
    expected: { root: "shape" },
  },
  {
    what: "basic constraints with a part more",
    rule: "§4.2.1.9",
    edit: constraints(TRUE, der.integer(0), der.nullValue()),
    expected: "shape",
  },
  {
    what: "basic constraints as an INTEGER",
    rule: "§4.2.1.9",
    edit: putting({ oid: EXTENSION_OIDS.basicConstraints, critical: true, value: der.integer(0) }),
    expected: "shape",
  },
  {
    what: "no key usage",
    rule: "§6.1.4 n: checked where it is present",
    edit: without(EXTENSION_OIDS.keyUsage),
    expected: { issuer: "accepted", root: "accepted" },
  },
  {
    what: "key usage of signatures alone",
    rule: "§6.1.4 n",
    edit: putting(strictKeyUsage("digitalSignature")),
    expected: { leaf: "accepted", issuer: "shape", root: "shape" },
  },
  {
    what: "key usage of certificates and lists alone",
    rule: "§4.2.1.3",
    edit: putting(strictKeyUsage("keyCertSign", "cRLSign")),
    expected: { leaf: "shape" },
    openssl: "whether a leaf may sign does not matter to it without a purpose",
  },
  {
    what: "key usage of nothing",
    rule: "§4.2.1.3: at least one bit",
    edit: usage(0),
    expected: "shape",
  },
  {
    what: "key usage whose unused bits are set",
    rule: "X.690 §11.2.1",
    edit: usage(3, 0xff),
    expected: "shape",
    openssl: "it masks them",
  },
  {
    what: "key usage of unknown bits",
    rule: "§4.2.1.3",
    edit: usage(0, 0xff, 0xff),
    expected: "shape",
    openssl: "it does not look at them",
  },
];

/** Extensions as such. */
const CRITICAL: readonly LimboCase[] = [
  {
    what: "unknown extension, critical",
    rule: "§4.2",
    edit: adding(unknown(true)),
    expected: "shape",
  },
  {
    what: "unknown extension, not critical",
    rule: "§4.2",
    edit: adding(unknown(false)),
    expected: "accepted",
  },
  {
    what: "critical of 01",
    rule: "X.690 §11.1",
    edit: encoding((fields) => {
      partOf(fieldOf(fields, FIELD.extensions, 0)).inner.splice(1, 0, value(1, 1));
    }),
    expected: "malformed",
  },
  {
    what: "critical of false, written out",
    rule: "X.690 §11.5",
    edit: encoding((fields) => {
      partOf(fieldOf(fields, FIELD.extensions, 0)).inner.splice(1, 0, value(1, 0));
    }),
    expected: "malformed",
    openssl: "it takes defaults that are written out",
  },
  {
    what: "extension twice",
    rule: "§4.2",
    edit: adding(unknown(false), unknown(false)),
    expected: "malformed",
    openssl: "it looks for doubles among those that it knows",
  },
  {
    what: "basic constraints twice, the second for authorities",
    rule: "§4.2",
    edit: adding(basicConstraints(false), basicConstraints(true, 0)),
    expected: "malformed",
  },
  {
    what: "no extension in the list of them",
    rule: "§4.1: SIZE (1..MAX)",
    edit: saying(() => ({ extensions: [] })),
    expected: { issuer: "shape", root: "shape", leaf: "extension" },
    openssl: "a leaf needs none for it, and a trusted root neither",
  },
  {
    what: "name constraints",
    rule: "§4.2.1.10: critical, and not understood here",
    edit: adding({ oid: "2.5.29.30", critical: true, value: NAMES }),
    expected: "shape",
    openssl: "it understands them, and they meet no name of these",
  },
  {
    what: "policy constraints",
    rule: "§4.2.1.11: critical, and not understood here",
    edit: adding({
      oid: "2.5.29.36",
      critical: true,
      value: der.sequence(der.implicit(0, der.integer(0))),
    }),
    expected: "shape",
    openssl: "it understands them, and asks for no policy",
  },
  {
    what: "extended key usage, critical",
    rule: "§4.2.1.12: critical, and not understood here",
    edit: adding({
      oid: "2.5.29.37",
      critical: true,
      value: der.sequence(der.oid("1.3.6.1.5.5.7.3.1")),
    }),
    expected: "shape",
    openssl: "it understands it, and asks for no purpose",
  },
];

/** Names and algorithms. */
const NAMED: readonly LimboCase[] = [
  {
    what: "empty issuer",
    rule: "§4.1.2.4",
    edit: saying(() => ({ issuer: [] })),
    expected: "shape",
  },
  {
    what: "issuer in another string type",
    rule: "§7.1: compared byte by byte, as vendors write them",
    edit: encoding((fields) => {
      const [name] = fieldOf(fields, FIELD.issuer).inner.filter((part) =>
        partOf(part, 0, 1).tag === 0x0c
      );
      if (name === undefined) throw new RangeError("Cannot edit: no UTF8String");
      partOf(name, 0, 1).tag = 0x13;
    }),
    expected: "shape",
    openssl: "it compares names by their letters",
  },
  {
    what: "issuer in other letters",
    rule: "§7.1: compared byte by byte, as vendors write them",
    edit: saying(({ issuer }) => ({
      issuer: issuer.map((part) => ({ ...part, value: part.value.toUpperCase() })),
    })),
    expected: "shape",
    openssl: "it compares names without their case",
  },
  {
    what: "issuer turned round",
    rule: "§7.1",
    edit: saying(({ issuer }) => ({ issuer: issuer.toReversed() })),
    expected: "shape",
  },
  {
    what: "two algorithms",
    rule: "§4.1.1.2",
    edit: framing((certificate) => {
      const algorithm = partOf(certificate, 1);
      algorithm.inner = [value(6, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4)];
    }),
    expected: "algorithm",
  },
  {
    what: "an algorithm nobody knows",
    rule: "§4.1.1.2",
    edit: saying(({ algorithm }) => ({
      algorithm: { ...algorithm, identifier: der.sequence(der.oid("1.2.3.4")) },
    })),
    expected: "algorithm",
  },
  {
    what: "ECDSA with NULL for its parameters",
    rule: "RFC 5758 §3.2: absent",
    only: "tdx",
    edit: saying(({ algorithm }) => ({
      algorithm: {
        ...algorithm,
        identifier: der.sequence(der.oid("1.2.840.10045.4.3.2"), der.nullValue()),
      },
    })),
    expected: "algorithm",
    openssl: "it does not look at them",
  },
];

/** The cases. */
export const EXTENSIONS: readonly LimboCase[] = [...AUTHORITY, ...CRITICAL, ...NAMED];
