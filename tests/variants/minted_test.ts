import assert from "node:assert/strict";
import { examine, openEnvelope, type Request } from "../../mod.ts";
import {
  envelopeFiles,
  envelopeLine,
  piecesLine,
  piecesOf,
} from "../../src/cli/lab/envelope_lines.ts";
import { toHex } from "../../src/core/bytes.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import {
  LAB_STATEMENT,
  LAB_VARIANTS,
  labAuthorities,
  type MintedVariant,
  mintVariant,
} from "../../src/lab/mod.ts";
import { runCli } from "../cli/fake_host.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { assertRefused, shown } from "../result.ts";

const NONCE = new Uint8Array(32).fill(0x6e);

const authorities = labAuthorities(NOW, {
  amd: await labAuthority(),
  intel: await intelAuthority(),
});

/** Each variant is minted once. */
const minted = new Map<VariantId, Promise<MintedVariant>>();

function mintedOf(variant: VariantId): Promise<MintedVariant> {
  const known = minted.get(variant);
  if (known !== undefined) return known;
  const question = { now: NOW, nonce: NONCE, statement: LAB_STATEMENT };
  const fresh = mintVariant(variant, authorities, question);
  minted.set(variant, fresh);
  return fresh;
}

/** What a verifier asks about an envelope that somebody sent for a variant. */
async function requestOf(
  variant: VariantId,
  sent: Uint8Array,
  added: FilesByRole = {},
): Promise<Request> {
  const { reference, policy, roots } = await mintedOf(variant);
  const { files, statement } = openEnvelope(sent);
  const request: unknown = {
    variant,
    evidence: { ...added, ...files },
    statement,
    expect: { nonce: NONCE, audience: LAB_STATEMENT.audience, clusterId: LAB_STATEMENT.clusterId },
    policy: { version: 1, allowLab: true, [variant]: policy },
    reference: { version: 1, [variant]: reference },
    now: NOW,
    labRoots: [new TextEncoder().encode(roots)],
  };
  // The envelope says which files there are; the library reads them strictly.
  return request as Request;
}

for (const variant of LAB_VARIANTS) {
  Deno.test(`an envelope of ${variant} is verified against policy and reference values`, async () => {
    const sent = await mintedOf(variant);
    assert.equal(openEnvelope(sent.envelope).variant, variant);
    const request = await requestOf(variant, sent.envelope, sent.files);
    const result = await examine(request);
    assert.equal(result.verdict, "lab-trusted", shown(result));
    assert.equal(result.binding, "nonce");
    assert.equal(result.statement?.variant, variant);
    assertRefused(
      await examine({ ...request, expect: { nonce: NONCE, clusterId: "ee".repeat(32) } }),
      "statement.cluster_mismatch",
    );
  });

  Deno.test(`an envelope of ${variant} in another variant's place is refused`, async () => {
    const sent = await mintedOf(variant);
    for (const other of LAB_VARIANTS.filter((id) => id !== variant)) {
      const request = await requestOf(other, sent.envelope);
      const code = await examine(request).then(
        ({ verdict, code }) => `${verdict} ${code}`,
        (error: { readonly code?: string }) => error.code ?? String(error),
      );
      assert.match(code, /^rejected |^input\./, `as ${other}: ${code}`);
    }
  });

  Deno.test(`what casemate lab envelope prints for ${variant} verifies, in one piece and in many`, async () => {
    const sent = await mintedOf(variant);
    const pieces = piecesOf("node", sent);
    const written = { folder: "node", minted: sent, nonce: toHex(NONCE), pieces };
    const all = [...Object.values(envelopeFiles("node", sent, NOW)), ...pieces];
    const files = Object.fromEntries(all.map(({ path, bytes }) => [path, bytes]));
    for (const line of [envelopeLine(written), piecesLine(written)]) {
      const { exitCode, out, err } = await runCli(line.flat().slice(1), { files, now: NOW });

      assert.equal(exitCode, 0, out + err);
      assert.match(out, /^LAB-TRUSTED\n/);
    }
    const check = ["reference", "check", "node/reference.json", "--strict"];
    const { exitCode, out } = await runCli(check, { files, now: NOW });
    assert.equal(exitCode, 0, out);
  });
}
