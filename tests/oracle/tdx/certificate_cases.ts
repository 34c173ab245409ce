/**
 * Certificates that say other things, and are signed rightly but where the
 * signature is the point.
 *
 * @module
 */

import {
  authorityKeyIdentifier,
  basicConstraints,
  type Bend,
  type CertificateDescription,
  crlDistributionPoints,
  der,
  ecdsa,
  type Extension,
  EXTENSION_OIDS,
  generateLabKey,
  intelCaName,
  intelName,
  type LabKey,
  type PckFields,
  replaceExtension,
  SGX_OIDS,
  sgxEntries,
  type SgxEntry,
  sgxExtension,
  strictKeyUsage,
  subjectKeyIdentifier,
  tcbEntries,
  writeEntries,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import type { TdxCase } from "./case.ts";
import { authority, intelsName, keys, labCase } from "./lab.ts";

/** Certificates that are bent. */
const BENT = ["pck", "ca", "root", "tcbSigning"] as const;

/** All cases. */
export async function certificateCases(): Promise<readonly TdxCase[]> {
  const bends = Object.entries(certificateBends(await generateLabKey("P-384")));
  const all = BENT.flatMap((which) =>
    bends.map(([what, bend]) =>
      labCase(`certificate/${which}/${what}`, { bends: { [which]: bend } })
    )
  );
  const extensions = Object.entries(extensionBends()).map(([what, change]) =>
    labCase(`certificate/sgx-extension/${what}`, { bends: { pck: withEntries(change) } })
  );
  return await Promise.all([...all, ...extensions]);
}

type Change = Extract<Bend<CertificateDescription>, (of: CertificateDescription) => unknown>;

function certificateBends(p384: LabKey): Readonly<Record<string, Change>> {
  const extension =
    (change: (all: readonly Extension[]) => readonly Extension[]): Change => (of) => ({
      ...of,
      extensions: change(of.extensions),
    });
  const without = (oid: string): Change => extension((all) => all.filter((one) => one.oid !== oid));
  const replaced = (one: Extension): Change => extension((all) => replaceExtension(all, one));
  const added = (critical: boolean): Change =>
    extension((
      all,
    ) => [...all, { oid: "1.3.6.1.4.1.99999.1", critical, value: Uint8Array.of(5, 0) }]);
  const window = (from: number, until: number): Change => (of) => ({
    ...of,
    notBefore: new Date(NOW.getTime() + from * 1000),
    notAfter: new Date(NOW.getTime() + until * 1000),
  });
  const missing = Object.entries(EXTENSION_OIDS)
    .filter(([name]) => /^(subject|keyUsage|basic|crlDist|authority)/.test(name))
    .map(([name, oid]) => [`without/${name}`, without(oid)] as const);
  return {
    ...Object.fromEntries(missing),
    "as-it-is": (of) => of,
    "issuer": (of) => ({ ...of, issuer: intelsName(intelCaName("tcbSigning")) }),
    "subject": (of) => ({ ...of, subject: intelsName(intelName("Somebody")) }),
    "subject-with-suffix": (of) => ({
      ...of,
      subject: of.subject.map((one, i) => i > 0 ? one : { ...one, value: `${one.value} 2` }),
    }),
    "empty-subject": (of) => ({ ...of, subject: [] }),
    "other-organization": (of) => ({
      ...of,
      subject: of.subject.map((one) => one.type === "2.5.4.10" ? { ...one, value: "Intel" } : one),
    }),
    "version-1": (of) => ({ ...of, version: 1, extensions: [] }),
    "version-2": (of) => ({ ...of, version: 2 }),
    "version-4": (of) => ({ ...of, version: 4 }),
    "no-extensions": (of) => ({ ...of, extensions: [] }),
    "serial-0": (of) => ({ ...of, serial: 0n }),
    "serial-1": (of) => ({ ...of, serial: 1n }),
    "serial-of-21-bytes": (of) => ({ ...of, serial: 1n << 165n }),
    "added": added(false),
    "added-critical": added(true),
    "extension-twice": extension((all) => [...all, ...all.slice(0, 1)]),
    "extensions-reversed": extension((all) => all.toReversed()),
    "not-critical": extension((all) => all.map((one) => ({ ...one, critical: false }))),
    "all-critical": extension((all) => all.map((one) => ({ ...one, critical: true }))),
    "ca": replaced(basicConstraints(true)),
    "ca-path-0": replaced(basicConstraints(true, 0)),
    "ca-path-1": replaced(basicConstraints(true, 1)),
    "ca-path-5": replaced(basicConstraints(true, 5)),
    "not-ca": replaced(basicConstraints(false)),
    "usage-signs-certificates": replaced(strictKeyUsage("keyCertSign")),
    "usage-signs-lists": replaced(strictKeyUsage("cRLSign")),
    "usage-signs-both": replaced(strictKeyUsage("keyCertSign", "cRLSign")),
    "usage-signs-data": replaced(strictKeyUsage("digitalSignature")),
    "usage-none": replaced(strictKeyUsage()),
    "other-authority-key": replaced(authorityKeyIdentifier(new Uint8Array(20))),
    "other-subject-key": replaced(subjectKeyIdentifier(new Uint8Array(20))),
    "other-distribution-point": replaced(crlDistributionPoints("lab:elsewhere")),
    "window/expired": window(-120, -60),
    "window/expired-a-second-ago": window(-120, -1),
    "window/expires-now": window(-60, 0),
    "window/expires-in-a-second": window(-60, 1),
    "window/from-now": window(0, 60),
    "window/from-the-next-second": window(1, 60),
    "window/backwards": window(60, -60),
    "sha-384": (of) => ({ ...of, algorithm: ecdsa("SHA-384") }),
    "other-outer-algorithm": (of) => ({ ...of, outerIdentifier: ecdsa("SHA-384").identifier }),
    "key-of-p-384": (of) => ({ ...of, publicKey: p384.spki }),
    "signed-with-p-384": (of) => ({ ...of, signWith: p384, algorithm: ecdsa("SHA-384") }),
    "signed-by-pck": (of) => ({ ...of, signWith: keys.pck }),
    "signed-by-root": (of) => ({ ...of, signWith: authority.root.key }),
    "signed-by-tcb-signing": (of) => ({ ...of, signWith: authority.tcbSigning.key }),
    "certifies-another-key": (of) => ({ ...of, publicKey: authority.processor.key.spki }),
  };
}

type EntriesChange = (entries: readonly SgxEntry[]) => readonly SgxEntry[];

/** What a platform certifies where nothing is bent. */
const FIELDS: PckFields = {
  ppid: new Uint8Array(16).fill(7),
  components: [3, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0],
  pceSvn: 13,
  cpuSvn: Uint8Array.of(3, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0),
  pceId: new Uint8Array(2),
  fmspc: Uint8Array.of(0x10, 0x20, 0x60, 0, 0, 0),
  sgxType: 1,
  platformInstanceId: new Uint8Array(16).fill(9),
  configuration: { dynamicPlatform: true, cachedKeys: true, smtEnabled: true },
};

function withEntries(change: EntriesChange): Change {
  return (of) => ({
    ...of,
    extensions: replaceExtension(of.extensions, sgxExtension(change(sgxEntries(FIELDS)))),
  });
}

/** Intel's extension in the PCK certificate. */
function extensionBends(): Readonly<Record<string, EntriesChange>> {
  const value = (oid: string, bytes: Uint8Array): EntriesChange => (entries) =>
    entries.map((entry) => entry.oid === oid ? { oid, value: bytes } : entry);
  const tcb = (change: EntriesChange): EntriesChange =>
    value(SGX_OIDS.tcb, writeEntries(change(tcbEntries(FIELDS))));
  const first = `${SGX_OIDS.tcb}.1`;
  const without = Object.entries(SGX_OIDS)
    .filter(([, oid]) => sgxEntries(FIELDS).some((entry) => entry.oid === oid))
    .map(([name, oid]) => [
      `without/${name}`,
      (entries: readonly SgxEntry[]) => entries.filter((entry) => entry.oid !== oid),
    ]);
  const extra = {
    oid: `${SGX_OIDS.ppid.slice(0, -1)}99`,
    value: der.octetString(new Uint8Array(1)),
  };
  return {
    ...Object.fromEntries(without),
    "as-it-is": (entries) => entries,
    "reversed": (entries) => entries.toReversed(),
    "twice": (entries) => [...entries, ...entries],
    "ppid-twice": (entries) => [...entries.slice(0, 1), ...entries],
    "fmspc-twice-last-other": (entries) => [
      ...entries,
      { oid: SGX_OIDS.fmspc, value: der.octetString(new Uint8Array(6)) },
    ],
    "unknown-last": (entries) => [...entries, extra],
    "unknown-first": (entries) => [extra, ...entries],
    "empty": () => [],
    "ppid-of-15-bytes": value(SGX_OIDS.ppid, der.octetString(new Uint8Array(15))),
    "ppid-empty": value(SGX_OIDS.ppid, der.octetString(new Uint8Array())),
    "fmspc-of-5-bytes": value(SGX_OIDS.fmspc, der.octetString(new Uint8Array(5))),
    "fmspc-as-text": value(SGX_OIDS.fmspc, der.utf8String("102060")),
    "pce-id-of-1-byte": value(SGX_OIDS.pceId, der.octetString(new Uint8Array(1))),
    "pce-id-other": value(SGX_OIDS.pceId, der.octetString(Uint8Array.of(0, 1))),
    "type-0": value(SGX_OIDS.sgxType, der.enumerated(0)),
    "type-2": value(SGX_OIDS.sgxType, der.enumerated(2)),
    "type-3": value(SGX_OIDS.sgxType, der.enumerated(3)),
    "type-as-number": value(SGX_OIDS.sgxType, der.integer(1)),
    "instance-of-15-bytes": value(SGX_OIDS.platformInstanceId, der.octetString(new Uint8Array(15))),
    "configuration-empty": value(SGX_OIDS.configuration, writeEntries([])),
    "tcb/reversed": tcb((entries) => entries.toReversed()),
    "tcb/no-component-1": tcb((entries) => entries.slice(1)),
    "tcb/component-1-twice": tcb((entries) => [...entries.slice(0, 1), ...entries]),
    "tcb/component-17": tcb((entries) => [
      ...entries,
      { oid: `${SGX_OIDS.tcb}.19`, value: der.integer(1) },
    ]),
    "tcb/no-pce-svn": tcb((entries) => entries.filter(({ oid }) => oid !== SGX_OIDS.pceSvn)),
    "tcb/no-cpu-svn": tcb((entries) => entries.filter(({ oid }) => oid !== SGX_OIDS.cpuSvn)),
    "tcb/component-255": tcb(value(first, der.integer(255))),
    "tcb/component-256": tcb(value(first, der.integer(256))),
    "tcb/component-0": tcb(value(first, der.integer(0))),
    "tcb/component-negative": tcb(value(first, Uint8Array.of(2, 1, 0xff))),
    "tcb/component-with-zero": tcb(value(first, Uint8Array.of(2, 2, 0, 3))),
    "tcb/component-differs-from-cpu-svn": tcb(value(first, der.integer(4))),
    "tcb/cpu-svn-differs": tcb(value(SGX_OIDS.cpuSvn, der.octetString(new Uint8Array(16)))),
    "tcb/cpu-svn-of-15-bytes": tcb(value(SGX_OIDS.cpuSvn, der.octetString(new Uint8Array(15)))),
    "tcb/pce-svn-255": tcb(value(SGX_OIDS.pceSvn, der.integer(255))),
    "tcb/pce-svn-256": tcb(value(SGX_OIDS.pceSvn, der.integer(256))),
    "tcb/pce-svn-32768": tcb(value(SGX_OIDS.pceSvn, der.integer(32768))),
    "tcb/pce-svn-65535": tcb(value(SGX_OIDS.pceSvn, der.integer(65535))),
    "tcb/pce-svn-65536": tcb(value(SGX_OIDS.pceSvn, der.integer(65536))),
    "tcb/pce-svn-12": tcb(value(SGX_OIDS.pceSvn, der.integer(12))),
  };
}
