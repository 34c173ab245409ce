/**
 * Revocation lists that say other things than that nothing is revoked, or are others.
 *
 * @module
 */

import {
  authorityKeyIdentifier,
  certificateIssuer,
  type CrlDescription,
  crlNumber,
  deltaCrlIndicator,
  ecdsa,
  type Extension,
  EXTENSION_OIDS,
  intelCaName,
  intelRevoked,
  intelSerial,
  issuingDistributionPoint,
  reasonCode,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import type { TdxCase } from "./case.ts";
import { authority, intelsName, keys, labCase } from "./lab.ts";

/** Milliseconds of a day. */
const DAY = 86_400_000;

/** All cases. */
export async function revocationCases(): Promise<readonly TdxCase[]> {
  const serials = {
    pck: await intelSerial(keys.pck),
    platform: await intelSerial(authority.platform.key),
    processor: await intelSerial(authority.processor.key),
    tcbSigning: await intelSerial(authority.tcbSigning.key),
    root: await intelSerial(authority.root.key),
  };
  const bends = Object.entries({ ...entryBends(serials), ...listBends() });
  const lists = ["pckCrl", "rootCrl"] as const;
  const cases = lists.flatMap((list) =>
    bends.map(([what, bend]) => labCase(`revocation/${list}/${what}`, { bends: { [list]: bend } }))
  );
  const processor = lists.flatMap((list) =>
    Object.entries(entryBends(serials)).map(([what, bend]) =>
      labCase(`revocation-processor/${list}/${what}`, { ca: "processor", bends: { [list]: bend } })
    )
  );
  return await Promise.all([...cases, ...processor]);
}

type Bends = Readonly<Record<string, (list: CrlDescription) => CrlDescription>>;

/** Entries. */
function entryBends(serials: Readonly<Record<string, bigint>>): Bends {
  const pck = serials["pck"] ?? 0n;
  const since = new Date(NOW.getTime() - DAY);
  const one = (serial: bigint) => (list: CrlDescription): CrlDescription => ({
    ...list,
    revoked: [intelRevoked(serial, since)],
  });
  const entry = (at: Date, ...extensions: readonly Extension[]) =>
  (
    list: CrlDescription,
  ): CrlDescription => ({ ...list, revoked: [{ serial: pck, at, extensions }] });
  const other = certificateIssuer(intelsName(intelCaName("processor")));
  return {
    ...Object.fromEntries(
      Object.entries(serials).map(([what, serial]) => [`revokes/${what}`, one(serial)]),
    ),
    "revokes/pck-plus-1": one(pck + 1n),
    "revokes/pck-minus-1": one(pck - 1n),
    "revokes/pck-shorter": one(pck >> 8n),
    "revokes/too-long": one(1n << 180n),
    "revokes/zero": one(0n),
    "revokes/many-and-pck": (list) => ({
      ...list,
      revoked: Array.from(
        { length: 300 },
        (_, i) => intelRevoked(i === 299 ? pck : BigInt(i + 1), since),
      ),
    }),
    "revokes/many": (list) => ({
      ...list,
      revoked: Array.from({ length: 300 }, (_, i) => intelRevoked(BigInt(i + 1), since)),
    }),
    "entry/no-extensions": entry(since),
    "entry/in-the-future": entry(new Date(NOW.getTime() + DAY)),
    "entry/removed-from-list": entry(since, reasonCode(8)),
    "entry/on-hold": entry(since, reasonCode(6)),
    "entry/unknown-reason": entry(since, reasonCode(7)),
    "entry/of-another-issuer": entry(since, other),
    "entry/critical-unknown": entry(since, { ...unknown(true) }),
    "entry/unknown": entry(since, unknown(false)),
  };
}

function unknown(critical: boolean): Extension {
  return { oid: "1.3.6.1.4.1.99999.1", critical, value: Uint8Array.of(5, 0) };
}

/** The list itself. */
function listBends(): Bends {
  const without = (oid: string) => (list: CrlDescription): CrlDescription => ({
    ...list,
    extensions: list.extensions.filter((extension) => extension.oid !== oid),
  });
  const adding = (extension: Extension) => (list: CrlDescription): CrlDescription => ({
    ...list,
    extensions: [...list.extensions, extension],
  });
  const at = (from: number, until: number | null) => (list: CrlDescription): CrlDescription => ({
    ...list,
    thisUpdate: new Date(NOW.getTime() + from * 1000),
    nextUpdate: until === null ? null : new Date(NOW.getTime() + until * 1000),
  });
  return {
    "list/as-it-is": (list) => list,
    "list/no-number": without(EXTENSION_OIDS.crlNumber),
    "list/no-key-identifier": without(EXTENSION_OIDS.authorityKeyIdentifier),
    "list/no-extensions": (list) => ({ ...list, extensions: [] }),
    "list/version-1": (list) => ({ ...list, version: 1, extensions: [] }),
    "list/version-3": (list) => ({ ...list, version: 3 }),
    "list/other-key-identifier": (list) => ({
      ...list,
      extensions: [crlNumber(1), authorityKeyIdentifier(new Uint8Array(20))],
    }),
    "list/big-number": (list) => ({
      ...list,
      extensions: [crlNumber(1n << 150n), ...list.extensions.slice(1)],
    }),
    "list/too-big-number": (list) => ({
      ...list,
      extensions: [crlNumber(1n << 170n), ...list.extensions.slice(1)],
    }),
    "list/number-twice": adding(crlNumber(2)),
    "list/unknown": adding(unknown(false)),
    "list/critical-unknown": adding(unknown(true)),
    "list/delta": adding(deltaCrlIndicator(1)),
    "list/distribution-point": adding(issuingDistributionPoint("lab:list")),
    "list/indirect": adding(issuingDistributionPoint("lab:list", true)),
    "list/other-issuer": (list) => ({ ...list, issuer: intelsName(intelCaName("tcbSigning")) }),
    "list/other-key": (list) => ({ ...list, signWith: authority.tcbSigning.key }),
    "list/leafs-key": (list) => ({ ...list, signWith: keys.pck }),
    "list/sha-384": (list) => ({ ...list, algorithm: ecdsa("SHA-384") }),
    "list/other-outer-algorithm": (list) => ({
      ...list,
      outerIdentifier: ecdsa("SHA-384").identifier,
    }),
    "list/no-next-update": at(-60, null),
    "list/expired": at(-120, -60),
    "list/expires-now": at(-60, 0),
    "list/expires-in-a-second": at(-60, 1),
    "list/from-now": at(0, 60),
    "list/from-the-next-second": at(1, 60),
    "list/backwards": at(60, -60),
  };
}
