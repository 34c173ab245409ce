/**
 * Certificates that say other things, and are signed rightly but where the
 * signature is the point.
 *
 * @module
 */

import {
  AMD_PSS,
  type AmdCaName,
  authorityKeyIdentifier,
  basicConstraints,
  type Bend,
  type CertificateDescription,
  crlDistributionPoints,
  ecdsa,
  type Extension,
  EXTENSION_OIDS,
  generateLabKey,
  type LabKey,
  labName,
  rsaPkcs1,
  rsaPss,
  strictKeyUsage,
  subjectKeyIdentifier,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import type { PlannedCase, SnpCase } from "./case.ts";
import { amdsName, authority, labCase, leafKey, otherKey, type Platform } from "./lab.ts";

/** A change of a certificate's description. */
export type Change = Extract<
  Bend<CertificateDescription>,
  (of: CertificateDescription) => unknown
>;

/**
 * A case with one certificate bent; the report is signed by the leaf's key as ever.
 *
 * @param base A case of the platform.
 * @param platform Whose it is.
 * @param which The certificate.
 * @param what What was done.
 * @param change The same, as a function.
 */
export function bentCase(
  base: SnpCase,
  platform: Platform,
  which: "leaf" | AmdCaName,
  what: string,
  change: Change,
): PlannedCase {
  const name = `${base.name}/certificate/${which === platform.form ? "ask" : which}/${what}`;
  return {
    name,
    make: async () => ({
      ...await labCase("", platform, { bends: { [which]: change } }),
      name,
    }),
  };
}

/**
 * All cases of a platform in which a certificate says something else.
 *
 * @param base A case of the platform.
 * @param platform Whose it is.
 */
export async function certificateCases(
  base: SnpCase,
  platform: Platform,
): Promise<readonly PlannedCase[]> {
  const p256 = await generateLabKey("P-256");
  return (["leaf", platform.form, "ARK"] as const).flatMap((which) => {
    const changes = {
      ...contents(platform),
      ...extensionChanges(),
      ...windows(),
      ...algorithms(),
      ...keyChanges(platform, p256),
    };
    return Object.entries(changes).map(([what, change]) =>
      bentCase(base, platform, which, what, change)
    );
  });
}

type Changes = Readonly<Record<string, Change>>;

/** Version, serial number and names. */
function contents({ line, form }: Platform): Changes {
  const named = (role: "issuer" | "subject", commonName: string): Change => (of) => ({
    ...of,
    [role]: amdsName(labName(commonName)),
  });
  const common = [`ARK-${line}`, `SEV-${line}`, `SEV-VLEK-${line}`, "SEV-VCEK", "SEV-VLEK"];
  const other = form === "VCEK" ? `SEV-VLEK-${line}` : `SEV-${line}`;
  return {
    ...Object.fromEntries(common.map((name) => [`subject/${name}`, named("subject", name)])),
    "subject/of-no-line": named("subject", "SEV-Elsewhere"),
    "subject/empty": (of) => ({ ...of, subject: [] }),
    "subject/other-organization": attribute("2.5.4.10", { value: "AMD" }),
    "subject/other-country": attribute("2.5.4.6", { value: "DE" }),
    "subject/other-string-type": attribute("2.5.4.3", { encoding: "printable" }),
    "subject/twice": (of) => ({ ...of, subject: [...of.subject, ...of.subject.slice(-1)] }),
    "subject/reversed": (of) => ({ ...of, subject: of.subject.toReversed() }),
    "issuer/other": named("issuer", "ARK-Elsewhere"),
    "issuer/other-form": named("issuer", other),
    "issuer/root": named("issuer", `ARK-${line}`),
    "issuer/empty": (of) => ({ ...of, issuer: [] }),
    "version/1": (of) => ({ ...of, version: 1, extensions: [] }),
    "version/2": (of) => ({ ...of, version: 2 }),
    "version/4": (of) => ({ ...of, version: 4 }),
    "serial/0": (of) => ({ ...of, serial: 0n }),
    "serial/1": (of) => ({ ...of, serial: 1n }),
    "serial/of-20-bytes": (of) => ({ ...of, serial: 1n << 158n }),
    "serial/of-21-bytes": (of) => ({ ...of, serial: 1n << 165n }),
    "as-it-is": (of) => of,
  };
}

/** One attribute of the subject that is other. */
function attribute(
  type: string,
  change: Partial<CertificateDescription["subject"][number]>,
): Change {
  return (of) => ({
    ...of,
    subject: of.subject.map((one) => one.type === type ? { ...one, ...change } : one),
  });
}

/** Extensions of RFC 5280. */
function extensionChanges(): Changes {
  const all = (change: (all: readonly Extension[]) => readonly Extension[]): Change => (of) => ({
    ...of,
    extensions: change(of.extensions),
  });
  const without = (oid: string): Change => all((list) => list.filter((one) => one.oid !== oid));
  const put = (one: Extension): Change =>
    all((list) => [...list.filter(({ oid }) => oid !== one.oid), one]);
  const unknown = (critical: boolean): Extension => ({
    oid: "1.3.6.1.4.1.99999.1",
    critical,
    value: Uint8Array.of(5, 0),
  });
  const standard = ["subjectKeyIdentifier", "authorityKeyIdentifier", "keyUsage"] as const;
  const more = ["basicConstraints", "crlDistributionPoints"] as const;
  return {
    ...Object.fromEntries(
      [...standard, ...more].map((name) => [`without/${name}`, without(EXTENSION_OIDS[name])]),
    ),
    "extensions/none": all(() => []),
    "extensions/first-twice": all((list) => [...list, ...list.slice(0, 1)]),
    "extensions/reversed": all((list) => list.toReversed()),
    "extensions/none-critical": all((list) => list.map((one) => ({ ...one, critical: false }))),
    "extensions/all-critical": all((list) => list.map((one) => ({ ...one, critical: true }))),
    "extensions/unknown": put(unknown(false)),
    "extensions/critical-unknown": put(unknown(true)),
    "constraints/ca": put(basicConstraints(true)),
    "constraints/ca-path-0": put(basicConstraints(true, 0)),
    "constraints/ca-path-1": put(basicConstraints(true, 1)),
    "constraints/ca-path-5": put(basicConstraints(true, 5)),
    "constraints/no-ca": put(basicConstraints(false)),
    "usage/certificates": put(strictKeyUsage("keyCertSign")),
    "usage/lists": put(strictKeyUsage("cRLSign")),
    "usage/both": put(strictKeyUsage("keyCertSign", "cRLSign")),
    "usage/data": put(strictKeyUsage("digitalSignature")),
    "usage/none": put(strictKeyUsage()),
    "identifier/other-authority": put(authorityKeyIdentifier(new Uint8Array(20))),
    "identifier/other-subject": put(subjectKeyIdentifier(new Uint8Array(20))),
    "point/other": put(crlDistributionPoints("lab:elsewhere")),
  };
}

/** Seconds from now at which a window begins and ends. */
const WINDOWS: Readonly<Record<string, readonly [from: number, until: number]>> = {
  "expired": [-120, -60],
  "expired-a-second-ago": [-120, -1],
  "expires-now": [-60, 0],
  "expires-in-a-second": [-60, 1],
  "from-now": [0, 60],
  "from-the-next-second": [1, 60],
  "backwards": [60, -60],
};

function windows(): Changes {
  const moment = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
  return Object.fromEntries(
    Object.entries(WINDOWS).map(([what, [from, until]]) => [
      `window/${what}`,
      (of) => ({ ...of, notBefore: moment(from), notAfter: moment(until) }),
    ]),
  );
}

/** How the certificate is signed (AMD 57230 §3: RSASSA-PSS with SHA-384 and 48 bytes of salt). */
function algorithms(): Changes {
  const pss =
    (change: Partial<typeof AMD_PSS>, done = { ...AMD_PSS, ...change }): Change => (of) => ({
      ...of,
      algorithm: rsaPss({ ...AMD_PSS, ...change }, done),
    });
  return {
    "algorithm/no-trailer": pss({ trailerField: null }),
    "algorithm/with-trailer": pss({}),
    "algorithm/trailer-2": pss({ trailerField: 2 }),
    "algorithm/salt-of-32": pss({ saltLength: 32 }),
    "algorithm/salt-of-0": pss({ saltLength: 0 }),
    "algorithm/salt-named-32": pss({ saltLength: 32 }, AMD_PSS),
    "algorithm/sha-256": pss({ hash: "SHA-256", maskHash: "SHA-256", saltLength: 32 }),
    "algorithm/sha-512": pss({ hash: "SHA-512", maskHash: "SHA-512", saltLength: 64 }),
    "algorithm/mask-named-sha-256": pss({ maskHash: "SHA-256" }, AMD_PSS),
    "algorithm/hash-named-sha-256": pss({ hash: "SHA-256" }, AMD_PSS),
    "algorithm/pkcs1": (of) => ({ ...of, algorithm: rsaPkcs1() }),
    "algorithm/other-outside": (of) => ({ ...of, outerIdentifier: rsaPkcs1().identifier }),
    "algorithm/ecdsa": (of) => ({ ...of, algorithm: ecdsa(), signWith: otherKey }),
    "algorithm/no-signature": (of) => ({ ...of, signature: new Uint8Array(512) }),
    "algorithm/short-signature": (of) => ({ ...of, signature: new Uint8Array(256).fill(1) }),
  };
}

/** Whose key is certified, and whose key certifies. */
function keyChanges({ line, form }: Platform, p256: LabKey): Changes {
  const { ARK, VCEK, VLEK } = authority(line);
  const [own, other] = form === "VCEK" ? [VCEK, VLEK] : [VLEK, VCEK];
  const keys = { ark: ARK.key, ask: own.key, "other-ask": other.key };
  return {
    ...Object.fromEntries(
      Object.entries(keys).map(([what, key]): [string, Change] => [
        `signed-by/${what}`,
        (of) => ({ ...of, signWith: key }),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries({ ...keys, leaf: leafKey, nobody: otherKey, p256 })
        .map(([what, key]): [string, Change] => [
          `certifies/${what}`,
          (of) => ({ ...of, publicKey: key.spki }),
        ]),
    ),
  };
}
