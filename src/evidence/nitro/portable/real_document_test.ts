import assert from "node:assert/strict";
import { frame, uint64 } from "../../../core/bytes.ts";
import { CasemateError } from "../../../core/errors.ts";
import { createPortableEngine } from "../../../core/portable/engine.ts";
import { describeCertificates } from "../../../core/x509.ts";
import { EVIDENCE, noEvidence, readManifest } from "../../../lab/real_test.ts";
import { frameAnchors } from "../../anchors.ts";
import type { NitroEvidence } from "../report.ts";
import { operations } from "./mod.ts";

/** What the corpus says of its document. */
interface NitroCase {
  readonly tech: string;
  readonly id: string;
  readonly verify_at: string;
  readonly files: { readonly document: string; readonly root: string };
  readonly expect: {
    readonly fields: {
      readonly module_id?: string;
      readonly timestamp?: number;
      readonly digest?: string;
      readonly pcrs?: Readonly<Record<string, string>>;
    };
  };
}

const engine = createPortableEngine(operations);
const cases = (await readManifest<NitroCase>()).filter(({ tech }) => tech === "aws-nitro");
const GENUINE = "evervault-valid";

function overReal(name: string, fn: () => Promise<void>): void {
  const shown = noEvidence ? `${name} (ignored: no real evidence here)` : name;
  Deno.test({ name: shown, ignore: noEvidence, fn });
}

function read(path: string): Promise<Uint8Array> {
  return Deno.readFile(new URL(path, EVIDENCE));
}

function caseOf(id: string): NitroCase {
  return cases.find((one) => one.id === id) ?? assert.fail(`the corpus has no case ${id}`);
}

async function verify(
  { files, verify_at }: NitroCase,
  change: (document: Uint8Array) => Uint8Array = (document) => document,
  now = new Date(verify_at),
): Promise<NitroEvidence> {
  const [document, root] = await Promise.all([read(files.document), read(files.root)]);
  const [described] = await describeCertificates(engine, root);
  assert.ok(described);
  const { sha256, spkiSha256 } = described.summary;
  const anchors = frameAnchors([{ line: "", certificateSha256: sha256, spkiSha256, lab: false }]);
  const moment = uint64(Math.floor(now.getTime() / 1000));
  const asked = engine.run("nitro_verify", [change(document), frame([]), anchors, moment]);
  // The shape is what is tested.
  return await asked as NitroEvidence;
}

overReal("nitro_verify accepts AWS's document with what it says", async () => {
  const genuine = caseOf(GENUINE);
  const { fields } = genuine.expect;

  const { document, certificates, ...rest } = await verify(genuine);

  assert.equal(document.kind, "enclave");
  assert.equal(document.moduleId, fields.module_id);
  assert.equal(document.timestamp, fields.timestamp);
  assert.equal(document.digest, fields.digest);
  assert.deepEqual(
    Object.fromEntries(document.registers.map(({ register, value }) => [register, value])),
    fields.pcrs,
  );
  assert.equal(document.nonce?.length, 512);
  assert.deepEqual([document.publicKey, document.userData], [null, null]);
  // AWS's published fingerprint of its root.
  assert.equal(
    certificates.at(-1)?.sha256,
    "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b",
  );
  assert.equal(certificates.length, 5);
  assert.deepEqual(rest, { lab: false, revocationChecked: false, revocationLists: [] });
});

overReal(
  "nitro_verify refuses AWS's document with a register or the signature changed",
  async () => {
    for (const id of ["neg-pcr-bitflip", "neg-sig-bitflip"]) {
      await assert.rejects(verify(caseOf(id)), { code: "nitro.signature_mismatch" }, id);
    }
  },
);

overReal(
  "nitro_verify refuses AWS's document with any bit flipped, cut short, or longer",
  async () => {
    const genuine = caseOf(GENUINE);
    const { length } = await read(genuine.files.document);
    const refused = (change: (document: Uint8Array) => Uint8Array, what: string) =>
      assert.rejects(verify(genuine, change), CasemateError, what);
    // Each byte of the heads, and of the rest every 61st.
    for (let at = 0; at < length; at += at < 32 ? 1 : 61) {
      const bit = 1 << at % 8;
      await refused((document) => document.map((byte, i) => i === at ? byte ^ bit : byte), `${at}`);
    }
    await refused((document) => document.subarray(0, -1), "short");
    await refused((document) => Uint8Array.of(...document, 0), "long");
  },
);

overReal("nitro_verify accepts AWS's document for three hours", async () => {
  const genuine = caseOf(GENUINE);
  const at = (time: string) => verify(genuine, undefined, new Date(`2022-10-13T${time}Z`));
  assert.ok(await at("08:57:59"));
  assert.ok(await at("11:58:02"));
  await assert.rejects(at("08:57:58"), { code: "nitro.certificate_not_yet_valid" });
  await assert.rejects(at("11:58:03"), { code: "nitro.certificate_expired" });
});
