/**
 * Revocation lists: right ones, and others than the one that is needed.
 *
 * @module
 */

import {
  AMD_PSS,
  authorityKeyIdentifier,
  type Bend,
  caSerials,
  certificateIssuer,
  type CrlDescription,
  crlNumber,
  crlUri,
  deltaCrlIndicator,
  ecdsa,
  type Extension,
  EXTENSION_OIDS,
  issuingDistributionPoint,
  LAB_LINES,
  labName,
  reasonCode,
  rsaPkcs1,
  rsaPss,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { planned, type PlannedCase, type SnpCase } from "./case.ts";
import { amdsName, authority, leafKey, mint, type Platform } from "./lab.ts";

/** Milliseconds of a day. */
const DAY = 86_400_000;

type Change = Extract<Bend<CrlDescription>, (of: CrlDescription) => unknown>;

/**
 * A case with revocation lists.
 *
 * @param base A case that verifies.
 * @param platform Whose it is.
 */
export function revocationCases(base: SnpCase, platform: Platform): readonly PlannedCase[] {
  const changes = { ...entryChanges(platform), ...listChanges(platform), ...signers(platform) };
  const bent = Object.entries(changes).map(([what, crl]) =>
    planned(base, `crl/${what}`, async () => ({
      crls: [(await mint(platform, { bends: { crl } })).der.crl],
    }))
  );
  const others = LAB_LINES.filter((line) => line !== platform.line).map((line) =>
    planned(base, `crl/list-of/${line}`, async () => ({
      crls: [(await mint({ ...platform, line })).der.crl],
    }))
  );
  return [...bent, ...others];
}

/** Entries. The leaf's serial number is zero, as AMD's. */
function entryChanges({ line, form }: Platform): Readonly<Record<string, Change>> {
  const { ARK, VCEK, VLEK } = caSerials(line);
  const own = form === "VCEK" ? VCEK : VLEK;
  const at = new Date(NOW.getTime() - DAY);
  const entries = (...serials: readonly bigint[]): Change => (of) => ({
    ...of,
    revoked: serials.map((serial) => ({ serial, at })),
  });
  const entry = (when: Date, ...extensions: readonly Extension[]): Change => (of) => ({
    ...of,
    revoked: [{ serial: own, at: when, extensions }],
  });
  return {
    "revokes/nothing": entries(),
    "revokes/ark": entries(ARK),
    "revokes/ask": entries(VCEK),
    "revokes/asvk": entries(VLEK),
    "revokes/leaf": entries(0n),
    "revokes/ask-plus-1": entries(own + 1n),
    "revokes/ask-minus-2": entries(own - 2n),
    "revokes/others": entries(...Array.from({ length: 300 }, (_, i) => BigInt(i + 1))),
    "revokes/others-and-own": entries(
      ...Array.from({ length: 300 }, (_, i) => i === 299 ? own : BigInt(i + 1)),
    ),
    "revokes/huge": entries(1n << 180n),
    "entry/in-the-future": entry(new Date(NOW.getTime() + DAY)),
    "entry/removed-from-list": entry(at, reasonCode(8)),
    "entry/on-hold": entry(at, reasonCode(6)),
    "entry/compromised": entry(at, reasonCode(1)),
    "entry/unknown-reason": entry(at, reasonCode(7)),
    "entry/of-another-issuer": entry(at, certificateIssuer(amdsName(labName("ARK-Other")))),
    "entry/critical-unknown": entry(at, unknown(true)),
    "entry/unknown": entry(at, unknown(false)),
  };
}

function unknown(critical: boolean): Extension {
  return { oid: "1.3.6.1.4.1.99999.1", critical, value: Uint8Array.of(5, 0) };
}

/** The list itself. */
function listChanges({ line, form }: Platform): Readonly<Record<string, Change>> {
  const other = form === "VCEK" ? "VLEK" : "VCEK";
  const without = (oid: string): Change => (of) => ({
    ...of,
    extensions: of.extensions.filter((extension) => extension.oid !== oid),
  });
  const replaced = (one: Extension): Change => (of) => ({
    ...of,
    extensions: [...of.extensions.filter(({ oid }) => oid !== one.oid), one],
  });
  const adding = (one: Extension): Change => (of) => ({
    ...of,
    extensions: [...of.extensions, one],
  });
  const window = (from: number, until: number | null): Change => (of) => ({
    ...of,
    thisUpdate: new Date(NOW.getTime() + from * 1000),
    nextUpdate: until === null ? null : new Date(NOW.getTime() + until * 1000),
  });
  return {
    "list/no-number": without(EXTENSION_OIDS.crlNumber),
    "list/no-key-identifier": without(EXTENSION_OIDS.authorityKeyIdentifier),
    "list/no-scope": without(EXTENSION_OIDS.issuingDistributionPoint),
    "list/no-extensions": (of) => ({ ...of, extensions: [] }),
    "list/version-1": (of) => ({ ...of, version: 1, extensions: [] }),
    "list/version-3": (of) => ({ ...of, version: 3 }),
    "list/other-key-identifier": replaced(authorityKeyIdentifier(new Uint8Array(20))),
    "list/big-number": replaced(crlNumber(1n << 150n)),
    "list/too-big-number": replaced(crlNumber(1n << 170n)),
    "list/number-twice": adding(crlNumber(2)),
    "list/other-scope": replaced(issuingDistributionPoint("lab:elsewhere")),
    "list/scope-of-other-form": replaced(issuingDistributionPoint(crlUri(line, other))),
    "list/indirect": replaced(issuingDistributionPoint(crlUri(line, form), true)),
    "list/delta": adding(deltaCrlIndicator(1)),
    "list/unknown": adding(unknown(false)),
    "list/critical-unknown": adding(unknown(true)),
    "window/no-next-update": window(-60, null),
    "window/expired": window(-120, -60),
    "window/expires-now": window(-60, 0),
    "window/expires-in-a-second": window(-60, 1),
    "window/from-now": window(0, 60),
    "window/from-the-next-second": window(1, 60),
    "window/backwards": window(60, -60),
  };
}

/** Who signs, and how. */
function signers({ line, form }: Platform): Readonly<Record<string, Change>> {
  const { [form]: intermediate } = authority(line);
  const asked = form === "VCEK" ? `SEV-${line}` : `SEV-VLEK-${line}`;
  return {
    "signer/ask": (of) => ({ ...of, signWith: intermediate.key }),
    "signer/ask-by-name": (of) => ({
      ...of,
      signWith: intermediate.key,
      issuer: amdsName(labName(asked)),
    }),
    "signer/leaf": (of) => ({ ...of, signWith: leafKey, algorithm: ecdsa() }),
    "signer/other-name": (of) => ({ ...of, issuer: amdsName(labName("ARK-Other")) }),
    "signer/pkcs1": (of) => ({ ...of, algorithm: rsaPkcs1() }),
    "signer/sha-256": (of) => ({
      ...of,
      algorithm: rsaPss({ ...AMD_PSS, hash: "SHA-256", maskHash: "SHA-256", saltLength: 32 }),
    }),
    "signer/salt-of-32": (of) => ({ ...of, algorithm: rsaPss({ ...AMD_PSS, saltLength: 32 }) }),
    "signer/no-trailer": (of) => ({ ...of, algorithm: rsaPss({ ...AMD_PSS, trailerField: null }) }),
    "signer/other-outer-algorithm": (of) => ({ ...of, outerIdentifier: rsaPkcs1().identifier }),
    "signer/nobody": (of) => ({ ...of, signature: new Uint8Array(512) }),
  };
}
