/**
 * What providers say of an instance and of its firmware: which instance, which
 * environment, which of the endorsed digests; and what ties report and quote.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../mod.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { verifyEndorsement } from "../../src/evidence/gce/endorse.ts";
import {
  LAB_INSTANCE,
  LAB_STATEMENT,
  type LabInstance,
  mintEndorsement,
  mintGcpSevEs,
  mintGcpTdx,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { assertRefused, shown } from "../result.ts";
import { ask, AUTHORITIES, mintedOf, NONCE, NOW, outcomeOf, sectionOf } from "./ask.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Asks about an instance, with keys of the section beside those that it needs. */
async function askInstance(instance: LabInstance, section: object): Promise<Result> {
  const minted = await mintedOf("gcp-sev-es");
  const { files, statement } = await mintGcpSevEs(await AUTHORITIES.tpm(), {
    ...{ now: NOW, nonce: NONCE, statement: { ...LAB_STATEMENT, variant: "gcp-sev-es" } },
    instance,
  });
  return await ask(minted, { files, statement, section: { ...sectionOf(minted), ...section } });
}

Deno.test("a certificate that does not say of which environment it is, is of none that is demanded", async () => {
  const silent = { ...LAB_INSTANCE, production: null };
  assertRefused(await askInstance(silent, {}), "gce.not_production");
  assertRefused(
    await askInstance({ ...LAB_INSTANCE, production: false }, {}),
    "gce.not_production",
  );
  const any = await askInstance(silent, { production: "any" });
  assert.equal(any.verdict, "lab-trusted", shown(any));
  const told = any.findings.find(({ id }) => id === "gce.production");
  assert.deepEqual([told?.kind, told?.required], ["unchecked", false]);
});

Deno.test("an instance is known by its name or its number, whole", async () => {
  const { instanceName, instanceId } = LAB_INSTANCE;
  for (const one of [instanceName, String(instanceId)]) {
    const { verdict } = await askInstance(LAB_INSTANCE, { instances: [one] });
    assert.equal(verdict, "lab-trusted", one);
  }
  for (const one of [instanceName.slice(0, -1), `${instanceName}0`, String(instanceId + 1n)]) {
    assertRefused(await askInstance(LAB_INSTANCE, { instances: [one] }), "gce.instance_mismatch");
  }
});

Deno.test("report and quote of which one answers something else are not called of one machine", async () => {
  const minted = await mintedOf("gcp-sev-snp");
  const other = await mintedOf("gcp-sev-snp", "two");
  const { report, leaf } = other.files;
  const foreign = await ask(minted, { files: { report, leaf } });
  const { tpmQuoteMsg, tpmQuoteSig, akPub, akCert } = other.files;
  const quote = await ask(minted, { files: { tpmQuoteMsg, tpmQuoteSig, akPub, akCert } });
  for (const { findings } of [foreign, quote]) {
    const binding = findings.find(({ id }) => id === "pairing.binding");
    assert.deepEqual([binding?.kind, binding?.code], ["mismatch", "pairing.unbound"]);
  }
});

/** Asks about a report whose firmware is endorsed by these digests. */
async function askEndorsed(measurement: Uint8Array, svsmMeasurement: Uint8Array): Promise<Result> {
  const minted = await mintedOf("gcp-sev-snp");
  const { endorsement, root } = await mintEndorsement(await AUTHORITIES.firmware(), {
    now: NOW,
    tdx: null,
    sevSnp: {
      svn: 1,
      measurements: [[2, measurement]],
      familyId: new Uint8Array(),
      imageId: new Uint8Array(),
      policy: 0x30000n,
      svsmMeasurement,
    },
  });
  const files = { firmwareEndorsement: endorsement };
  return await ask(minted, { files, labRoots: [encode(minted.roots + root)] });
}

Deno.test("firmware of SEV-SNP is endorsed by any of the digests that Google lists, and by nothing else", async () => {
  const { report } = (await mintedOf("gcp-sev-snp")).files;
  assert.ok(report instanceof Uint8Array);
  const launched = report.slice(0x90, 0xc0);
  const other = new Uint8Array(48).fill(7);
  for (const digests of [[launched, new Uint8Array()], [other, launched]] as const) {
    const result = await askEndorsed(...digests);
    assert.equal(result.verdict, "lab-trusted", shown(result));
    const told = result.findings.find(({ id }) => id === "gce.firmware");
    assert.deepEqual([told?.kind, told?.required], ["match", true]);
  }
  assertRefused(await askEndorsed(other, new Uint8Array()), "gce.endorsement_mismatch");
  assertRefused(await askEndorsed(other, other), "gce.endorsement_mismatch");
});

Deno.test("firmware that is pinned and endorsed as another is refused, though the pin alone would do", async () => {
  const minted = await mintedOf("gcp-tdx");
  const authorities = { intel: await intelAuthority(), firmware: await AUTHORITIES.firmware() };
  const statement = { ...LAB_STATEMENT, variant: "gcp-tdx" };
  const question = { now: NOW, nonce: NONCE, statement };
  const endorsed = new Uint8Array(48).fill(7);
  for (const other of [{}, { endorsed }]) {
    const td = await mintGcpTdx(authorities, { ...question, ...other });
    const labRoots = [encode(td.tdx.root + (td.firmware?.root ?? ""))];
    const { files } = td;
    const result = await ask(minted, { files, statement: td.statement, labRoots });
    const expected = "endorsed" in other ? "gce.endorsement_mismatch" : null;
    assert.equal(result.code, expected, shown(result));
  }
});

Deno.test("an endorsement without a root is an error of who asks, and no verdict", async () => {
  const { endorsement } = await mintEndorsement(await AUTHORITIES.firmware(), { now: NOW });
  const asked = verifyEndorsement(inlineEngine, { firmwareEndorsement: endorsement }, {
    now: NOW,
    labRoots: [],
  });
  await assert.rejects(asked, { code: "input.missing" });
});

Deno.test("a module of AWS is known by its id or its instance's, and by no beginning of one", async () => {
  const minted = await mintedOf("aws-nitro-tpm");
  const { vtpm } = Object((await ask(minted)).claims);
  const id: string = vtpm.document.moduleId;
  const instance = id.slice(0, id.lastIndexOf("-"));
  const asking = (module: string): Promise<string> => {
    const { vtpm } = Object(sectionOf(minted));
    return outcomeOf(minted, { section: { vtpm: { ...vtpm, modules: [module] } } });
  };
  for (const module of [id, instance]) assert.equal(await asking(module), "lab-trusted: null");
  for (const module of [id.slice(0, -1), instance.slice(0, -1), `${id}0`]) {
    assert.equal(await asking(module), "rejected: nitro.module_mismatch", module);
  }
});
