/**
 * Certificates of the chain: rights, names, algorithms, and what Intel certifies of a platform.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import {
  basicConstraints,
  type CertificateDescription,
  der,
  dropExtension,
  ecdsa,
  EXTENSION_OIDS,
  generateLabKey,
  intelCaName,
  type PckFields,
  replaceExtension,
  SGX_EXTENSION_OID,
  SGX_OIDS,
  sgxEntries,
  type SgxEntry,
  strictKeyUsage,
  tcbEntries,
  writeEntries,
} from "../../../src/lab/mod.ts";
import { intelAuthority } from "../../intel_authority.ts";
import { assertRefused } from "../../result.ts";
import { assertBends, assertGood, bent, claimsOf, judge, type Minting } from "../ask.ts";
import { overReal, realCase } from "../corpus.ts";

/** One certificate of the chain with its extensions changed. */
const extensions = (
  name: "root" | "ca" | "pck",
  change: (whole: CertificateDescription["extensions"]) => CertificateDescription["extensions"],
): Minting =>
  bent({
    [name]: (whole: CertificateDescription) => ({ ...whole, extensions: change(whole.extensions) }),
  });

Deno.test("TDX-11 who may not issue is no issuer: CA flag, path length, key usage", async () => {
  const { basicConstraints: constraints } = EXTENSION_OIDS;
  const replaced = (name: "root" | "ca" | "pck", ...by: Parameters<typeof replaceExtension>[1][]) =>
    extensions(
      name,
      (whole) => by.reduce<typeof whole>((all, one) => replaceExtension(all, one), whole),
    );
  const code = "tdx.chain_shape";
  for (const name of ["root", "ca"] as const) {
    await assertBends([
      [`${name} no CA`, replaced(name, basicConstraints(false)), code],
      [
        `${name} without constraints`,
        extensions(name, (all) => dropExtension(all, constraints)),
        code,
      ],
      [`${name} for lists alone`, replaced(name, strictKeyUsage("cRLSign")), code],
      [`${name} for certificates alone`, replaced(name, strictKeyUsage("keyCertSign")), code],
      [`${name} for signatures`, replaced(name, strictKeyUsage("digitalSignature")), code],
    ]);
  }
  await assertBends([
    ["root of path length 0", replaced("root", basicConstraints(true, 0)), code],
    ["root of path length 2", replaced("root", basicConstraints(true, 2)), code],
    ["CA of path length 1", replaced("ca", basicConstraints(true, 1)), code],
    ["CA without path length", replaced("ca", basicConstraints(true)), code],
    ["leaf that may issue", replaced("pck", basicConstraints(true)), "tdx.pck_shape"],
    ["leaf that may issue leaves", replaced("pck", basicConstraints(true, 0)), "tdx.pck_shape"],
    ["leaf for certificates", replaced("pck", strictKeyUsage("keyCertSign")), "tdx.pck_shape"],
  ]);
});

Deno.test("TDX-11 names and versions are Intel's, and each issuer is the next one's subject", async () => {
  const { platform, processor } = await intelAuthority();
  const other = { issuer: intelCaName("processor") };
  await assertBends([
    ["PCK of another issuer", bent({ pck: other }), "tdx.pck_shape"],
    ["PCK of the root", bent({ pck: { issuer: intelCaName("root") } }), "tdx.pck_shape"],
    ["PCK of nobody", bent({ pck: { issuer: [] } }), "tdx.pck_shape"],
    [
      "PCK of the other CA, signed",
      bent({ pck: { ...other, signWith: platform.key } }),
      "tdx.pck_shape",
    ],
    ["PCK of another name", bent({ pck: { subject: intelCaName("tcbSigning") } }), "tdx.pck_shape"],
    ["PCK of no name", bent({ pck: { subject: [] } }), "tdx.pck_shape"],
    ["PCK of version 1", bent({ pck: { version: 1 } }), "tdx.pck_shape"],
    ["CA of another issuer", bent({ ca: other }), "tdx.chain_shape"],
    ["CA of version 1", bent({ ca: { version: 1 } }), "tdx.chain_shape"],
    ["root of another issuer", bent({ root: other }), "tdx.chain_shape"],
    ["CA of no name", bent({ ca: { subject: [] } }), "tdx.chain_order"],
  ]);
  const renamed = bent({ ca: { subject: intelCaName("processor") } });
  assertRefused(await judge(renamed), "tdx.pck_shape");
  assertRefused(await judge(bent({ pck: { signWith: processor.key } })), "tdx.chain_signature");
});

Deno.test("TDX-11 all of the chain is signed with ECDSA P-256 and SHA-256, and says so twice", async () => {
  const p384 = await generateLabKey("P-384");
  const sha384 = ecdsa("SHA-384");
  for (const name of ["root", "ca", "pck"] as const) {
    const code = "tdx.chain_algorithm";
    await assertBends([
      [`${name} with SHA-384`, bent({ [name]: { algorithm: sha384 } }), code],
      [`${name} by P-384`, bent({ [name]: { algorithm: sha384, signWith: p384 } }), code],
      [`${name} with two`, bent({ [name]: { outerIdentifier: sha384.identifier } }), code],
    ]);
  }
});

Deno.test("TDX-11 all keys of the chain are of P-256", async () => {
  const p384 = await generateLabKey("P-384");
  const rsa = await generateLabKey("RSA-2048");
  for (const { spki } of [p384, rsa]) {
    await assertBends([
      ["CA", bent({ ca: { publicKey: spki } }), "tdx.chain_shape"],
      ["PCK", bent({ pck: { publicKey: spki } }), "tdx.pck_shape"],
    ]);
  }
});

Deno.test("TDX-11 what is critical and unknown in a certificate is refused, what is only noted is not", async () => {
  const unknown = { oid: "2.999.1", critical: true, value: der.nullValue() };
  for (const name of ["root", "ca", "pck", "tcbSigning"] as const) {
    const adding = (critical: boolean): Minting =>
      bent({
        [name]: (whole: CertificateDescription) => ({
          ...whole,
          extensions: [...whole.extensions, { ...unknown, critical }],
        }),
      });
    const code = { root: "chain", ca: "chain", pck: "pck", tcbSigning: "tcb_chain" }[name];
    assertRefused(await judge(adding(true)), `tdx.${code}_shape`);
    assertGood(await judge(adding(false)), name);
  }
});

/** Intel's extension with other members. */
const certifying = (
  change: (entries: readonly SgxEntry[], fields: PckFields) => readonly SgxEntry[],
  ca: "platform" | "processor" = "platform",
): Minting => {
  const fields: PckFields = {
    ppid: new Uint8Array(16).fill(9),
    components: Array.from({ length: 16 }, () => 5),
    pceSvn: 13,
    cpuSvn: new Uint8Array(16).fill(5),
    pceId: new Uint8Array(2),
    fmspc: Uint8Array.of(0x1a, 0xb0, 0x6f, 0, 0, 0),
    sgxType: ca === "platform" ? 1 : 0,
    platformInstanceId: ca === "platform" ? new Uint8Array(16).fill(8) : null,
    configuration: ca === "platform"
      ? { dynamicPlatform: true, cachedKeys: false, smtEnabled: true }
      : null,
  };
  const value = writeEntries(change(sgxEntries(fields), fields));
  return {
    ca,
    pck: fields,
    bends: {
      pck: (whole) => ({
        ...whole,
        extensions: replaceExtension(whole.extensions, {
          oid: SGX_EXTENSION_OID,
          critical: false,
          value,
        }),
      }),
    },
  };
};

/** The entries with another value for one. */
const valued = (oid: string, value: Uint8Array) => (entries: readonly SgxEntry[]) =>
  entries.map((entry) => entry.oid === oid ? { oid, value } : entry);

/** The entries with other members of the TCB. */
const withTcb = (change: (entries: readonly SgxEntry[]) => readonly SgxEntry[]) =>
(
  entries: readonly SgxEntry[],
  fields: PckFields,
) => valued(SGX_OIDS.tcb, writeEntries(change(tcbEntries(fields))))(entries);

Deno.test("TDX-11 Intel's extension has each of its members once, and no others", async () => {
  assertGood(await judge(certifying((entries) => entries)));
  assertGood(await judge(certifying((entries) => entries, "processor")));
  const code = "tdx.pck_extension";
  const members = Object.entries(SGX_OIDS).filter(([, oid]) => oid.split(".").length === 8);
  assert.equal(members.length, 7);
  await assertBends(members.flatMap(([name, oid]) => [
    [`without ${name}`, certifying((all) => all.filter((one) => one.oid !== oid)), code],
    [
      `${name} twice`,
      certifying((all) => [...all, ...all.filter((one) => one.oid === oid)]),
      code,
    ],
  ]));
  await assertBends([
    ["nothing", certifying(() => []), code],
    [
      "one more",
      certifying((all) => [...all, { oid: `${SGX_EXTENSION_OID}.8`, value: der.integer(0) }]),
      code,
    ],
    [
      "another vendor's",
      certifying((all) => [...all, { oid: "2.999.1", value: der.nullValue() }]),
      code,
    ],
    [
      "no extension",
      bent({
        pck: (whole) => ({
          ...whole,
          extensions: dropExtension(whole.extensions, SGX_EXTENSION_OID),
        }),
      }),
      code,
    ],
  ]);
});

Deno.test("TDX-11 each of the 18 members of the TCB is there once", async () => {
  const code = "tdx.pck_extension";
  const oids = Array.from({ length: 18 }, (_, i) => `${SGX_OIDS.tcb}.${i + 1}`);
  await assertBends(oids.flatMap((oid) => [
    [`without ${oid}`, certifying(withTcb((all) => all.filter((one) => one.oid !== oid))), code],
    [
      `${oid} twice`,
      certifying(withTcb((all) => [...all, ...all.filter((one) => one.oid === oid)])),
      code,
    ],
  ]));
  const more = { oid: `${SGX_OIDS.tcb}.19`, value: der.integer(255) };
  await assertBends([["one more", certifying(withTcb((all) => [...all, more])), code]]);
});

Deno.test("TDX-11 the members of Intel's extension are taken in their exact encoding alone", async () => {
  const first = `${SGX_OIDS.tcb}.1`;
  const values: readonly (readonly [string, string, Uint8Array])[] = [
    ["PPID of 15 bytes", SGX_OIDS.ppid, der.octetString(new Uint8Array(15))],
    ["PPID of 17 bytes", SGX_OIDS.ppid, der.octetString(new Uint8Array(17))],
    ["PPID as text", SGX_OIDS.ppid, der.utf8String("0".repeat(16))],
    ["FMSPC of 5 bytes", SGX_OIDS.fmspc, der.octetString(new Uint8Array(5))],
    ["FMSPC of 7 bytes", SGX_OIDS.fmspc, der.octetString(new Uint8Array(7))],
    ["FMSPC empty", SGX_OIDS.fmspc, der.octetString(new Uint8Array())],
    ["PCE-ID of 1 byte", SGX_OIDS.pceId, der.octetString(new Uint8Array(1))],
    ["PCE-ID as a number", SGX_OIDS.pceId, der.integer(0)],
    ["SGX type 3", SGX_OIDS.sgxType, der.enumerated(3)],
    ["SGX type as a number", SGX_OIDS.sgxType, der.integer(1)],
    ["instance of 15 bytes", SGX_OIDS.platformInstanceId, der.octetString(new Uint8Array(15))],
    ["configuration as a number", SGX_OIDS.configuration, der.integer(0)],
    ["TCB as bytes", SGX_OIDS.tcb, der.octetString(new Uint8Array(16))],
  ];
  const inTcb: readonly (readonly [string, string, Uint8Array])[] = [
    ["an SVN of 256", first, der.integer(256)],
    ["a negative SVN", first, Uint8Array.of(2, 1, 0xff)],
    ["an SVN with a zero before it", first, Uint8Array.of(2, 2, 0, 5)],
    ["an SVN as bytes", first, der.octetString(Uint8Array.of(5))],
    ["an SVN as ENUMERATED", first, der.enumerated(5)],
    ["a PCESVN of 65536", SGX_OIDS.pceSvn, der.integer(65536)],
    ["a negative PCESVN", SGX_OIDS.pceSvn, Uint8Array.of(2, 1, 0xff)],
    ["a CPUSVN of 15 bytes", SGX_OIDS.cpuSvn, der.octetString(new Uint8Array(15))],
  ];
  const code = "tdx.pck_extension";
  await assertBends([
    ...values.map(([what, oid, value]) => [what, certifying(valued(oid, value)), code] as const),
    ...inTcb.map(([what, oid, value]) =>
      [what, certifying(withTcb(valued(oid, value))), code] as const
    ),
  ]);
});

Deno.test("TDX-11 a certificate of the Processor CA names no instance and no configuration", async () => {
  const instance = { oid: SGX_OIDS.platformInstanceId, value: der.octetString(new Uint8Array(16)) };
  const configuration = { oid: SGX_OIDS.configuration, value: writeEntries([]) };
  const code = "tdx.pck_extension";
  await assertBends([
    ["instance", certifying((all) => [...all, instance], "processor"), code],
    ["configuration", certifying((all) => [...all, configuration], "processor"), code],
  ]);
});

Deno.test("TDX-11 what the certificate says is told as it is", async () => {
  const { pck } = claimsOf(await judge(certifying((entries) => entries)));
  assert.deepEqual([pck.pceSvn, pck.fmspc, pck.pceId, pck.sgxType], [
    13,
    "1ab06f000000",
    "0000",
    "Scalable",
  ]);
  assert.deepEqual(pck.configuration, {
    dynamicPlatform: true,
    cachedKeys: false,
    smtEnabled: true,
  });
  const demanded = { section: { platformConfiguration: { cachedKeys: true } } };
  assertRefused(
    await judge(certifying((entries) => entries), demanded),
    "tdx.platform_configuration",
  );
});

Deno.test({
  ...overReal("TDX-11 real certificates of either CA are read, with what they certify"),
  fn: async () => {
    const { files, now } = realCase("tdx/v4-dcapqvl-b0c06f");
    const expect = { freshness: "none" } as const;
    const { pck, chain } = claimsOf(
      await examine({ variant: "tdx", evidence: files, expect, now }),
    );
    assert.deepEqual([chain.ca, pck.fmspc, pck.pceSvn], ["platform", "b0c06f000000", 11]);
    assert.notEqual(pck.platformInstanceId, null);
  },
});
