/** Nodes and peers that send what shall be taken for something else, or shall do something to who reads it. */
import assert from "node:assert/strict";
import { openEnvelope, readCmw, readEnvelope, readStatement, writeCmwCbor } from "../../mod.ts";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import type { Root } from "../../src/evidence/finding.ts";
import {
  LAB_STATEMENT,
  labAuthorities,
  type MintedVariant,
  mintVariant,
} from "../../src/lab/mod.ts";
import { readRequest, type Request } from "../../src/verifier/request.ts";
import { rootFinding, rootsNeeded } from "../../src/verifier/trust.ts";
import { runCli } from "../cli/fake_host.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { refused } from "../refused.ts";
import { envelopes, statements } from "./vectors.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const NONCE = "6e".repeat(32);

const [ENVELOPE = ""] = envelopes.cases.map(({ envelope }) =>
  new TextDecoder().decode(fromHex(envelope))
);
const [STATEMENT = ""] = statements.cases.map(({ bytes }) =>
  new TextDecoder().decode(fromHex(bytes))
);

const after = (what: string): Promise<unknown> => Promise.resolve(what);

Deno.test("members with names of prototypes are unknown members, and change nobody's prototype", async () => {
  for (const name of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]) {
    const more = `{"${name}":{"variant":"tdx","report":"AA"},`;
    const read = after(more).then(() => readEnvelope(utf8(ENVELOPE.replace("{", more))));
    await refused("envelope.member", read, name);
    const inTee = ENVELOPE.replace('"tee":{', `"tee":${more}`);
    await refused("envelope.member", after(inTee).then(() => readEnvelope(utf8(inTee))), name);
    const stated = after(more).then(() => readStatement(utf8(STATEMENT.replace("{", more))));
    await refused("statement.member", stated, name);
    const pcrs = `{"v":1,"variant":"a","statement":"AA","vtpm":{"pcrs":{"${name}":{"0":"00"}}}}`;
    await refused("envelope.member", after(pcrs).then(() => readEnvelope(utf8(pcrs))), name);
  }
  assert.deepEqual(Object.keys(Object.prototype), []);
});

Deno.test("a member that stands twice is refused, however its name is written and how deep it stands", async () => {
  const twice = [
    ENVELOPE.replace('"variant":', '"v\\u0061riant":"tdx","variant":'),
    ENVELOPE.replace('"tee":{', '"tee":{"rep\\u006frt":"AA",'),
    ENVELOPE.replace("{", '{"tee":{"report":"AA"},'),
  ];
  for (const text of twice) {
    await refused("envelope.syntax", after(text).then(() => openEnvelope(utf8(text))), text);
  }
  const stated = STATEMENT.replace('"phase":', '"ph\\u0061se":"zero","phase":');
  await refused("statement.encoding", after(stated).then(() => readStatement(utf8(stated))));
});

Deno.test("records of another type, of another kind of message, or with more behind them are refused", async () => {
  const record = writeCmwCbor(utf8(ENVELOPE));
  const indicated = (last: readonly number[]): Uint8Array =>
    concat(record.subarray(0, -1), Uint8Array.from(last));
  // 0 none, 1 reference values, 2 endorsements, 8 appraisal policies, 2^32 no bit of 32.
  for (const last of [[0], [1], [2], [8], [0x1b, 0, 0, 0, 1, 0, 0, 0, 4], [0x18, 4], [0x20]]) {
    await refused("envelope.cmw", after(ENVELOPE).then(() => readCmw(indicated(last))), `${last}`);
  }
  assert.equal(toHex(readCmw(indicated([0x0f]))), toHex(utf8(ENVELOPE)), "evidence among others");
  for (const more of [[0], [0xff], record]) {
    const longer = concat(record, Uint8Array.from(more));
    await refused("envelope.cmw", after(ENVELOPE).then(() => readCmw(longer)));
  }
  for (const type of ["application/json", "Application/vnd.casemate.evidence+json", ""]) {
    const text = JSON.stringify([type, "e30", 4]);
    await refused("envelope.media_type", after(text).then(() => readCmw(utf8(text))), type);
  }
  // A record in a record is no envelope.
  await refused("envelope.syntax", after(ENVELOPE).then(() => openEnvelope(writeCmwCbor(record))));
});

Deno.test("each root that evidence needs must be named, and none stands for another", () => {
  const raw = Uint8Array.of(1);
  const job = (
    acceptRoots: readonly string[] | undefined,
    labRoots: readonly Uint8Array[] = [],
  ) => {
    const policy = { version: 1, ...(acceptRoots === undefined ? {} : { acceptRoots }) };
    const evidence = { report: raw, leaf: raw, chainAskArk: raw };
    const expect = { freshness: "none" };
    const request: unknown = { variant: "sev-snp", evidence, expect, policy, now: NOW, labRoots };
    // Roots are of any policy, which is what the cases below give.
    return readRequest(request as Request);
  };
  const kind = (
    accepted: readonly string[] | undefined,
    roots: readonly [Root, ...Root[]],
  ): string => rootFinding(job(accepted), roots).kind;
  assert.equal(kind(["amd", "provider"], ["amd", "provider"]), "match");
  for (const accepted of [undefined, ["amd"], ["provider"], ["intel", "provider"], ["none"]]) {
    assert.equal(kind(accepted, ["amd", "provider"]), "mismatch", `${accepted}`);
  }
  for (const accepted of [["amd"], ["intel"], ["amd", "intel", "provider", "none"]]) {
    assert.equal(kind(accepted, ["intel", "paravisor"]), "mismatch", `${accepted}`);
  }
  const all = ["amd", "intel", "paravisor", "provider", "none"];
  assert.equal(kind(all, ["amd", "lab"]), "mismatch", "nobody names the lab");
  assert.equal(rootFinding(job(["amd"], [raw]), ["amd", "lab"]).kind, "match");
  assert.equal(rootFinding(job(["amd"], [raw]), ["amd", "provider", "lab"]).kind, "mismatch");
  assert.equal(rootFinding(job(["amd"], [raw]), ["amd", "provider", "lab"]).root, "lab");
  const { root: _, ...plain } = rootFinding(job(["amd"]), ["amd"]);
  const under = (root: Root, required: boolean) => ({ ...plain, root, required });
  const findings = [under("amd", true), under("provider", true), under("none", false)];
  assert.deepEqual(rootsNeeded(findings, "amd"), ["amd", "provider"]);
  assert.deepEqual(rootsNeeded([under("amd", true)], "provider"), ["amd", "provider"]);
});

const minted: Promise<MintedVariant> = mintVariant(
  "sev-snp",
  labAuthorities(NOW, { amd: await labAuthority() }),
  { now: NOW, nonce: fromHex(NONCE), statement: LAB_STATEMENT },
);

/** Runs the command over an envelope. */
async function verifies(change: (envelope: string) => string, ...flags: readonly string[]) {
  const { envelope, roots, reference } = await minted;
  const files = {
    "e.json": change(new TextDecoder().decode(envelope)),
    "root.pem": roots,
    "r.json": JSON.stringify({ version: 1, "sev-snp": reference }),
    "painted.json": '{"version":1,"\\u001b[2J\\u202e":{}}',
  };
  const args = ["evidence", "verify", "e.json", "--lab-root", "root.pem", ...flags];
  return await runCli(args, { files });
}

const same = (envelope: string): string => envelope;
const QUESTION = ["--nonce", NONCE, "--reference", "r.json"];

Deno.test("casemate evidence verify refuses what is asked of a statement that nothing binds", async () => {
  assert.equal((await verifies(same, ...QUESTION)).exitCode, 0);
  const about = ["--cluster-id", "ff".repeat(32)];
  assert.equal((await verifies(same, ...QUESTION, ...about)).exitCode, 3);
  for (const instead of [["--no-freshness"], ["--profile", "crypto-only"]]) {
    for (const [flag = "", value = ""] of [about, ["--role", "worker"], ["--purpose", "serve"]]) {
      const { exitCode, err } = await verifies(same, ...instead, flag, value);
      assert.equal(exitCode, 2, `${instead} ${flag}`);
      assert.match(err, /input\.conflict/);
      assert.match(err, new RegExp(`look at +${flag}\\n`));
    }
  }
  for (const nonce of ["00".repeat(32), NONCE.slice(2), `${NONCE}6e`, ""]) {
    const { exitCode } = await verifies(same, "--nonce", nonce, "--reference", "r.json");
    assert.equal(exitCode, 2, nonce);
  }
});

// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

Deno.test("casemate evidence verify writes nothing of an envelope or a reference that a terminal obeys", async () => {
  const painted = "\\u001b[2J\u202eTRUSTED";
  const changes: readonly ((envelope: string) => string)[] = [
    (envelope) => envelope.replace("{", `{"${painted}":1,`),
    (envelope) => envelope.replace("{", "{\u001b[2J"),
    (envelope) => envelope.replace('"variant":"sev-snp"', `"variant":"${painted}"`),
    (envelope) => envelope.replace('"tee":{', `"tee":{"${painted}":1,`),
    () => `["${painted}","e30",4]`,
  ];
  for (const format of ["text", "json"]) {
    for (const change of changes) {
      const { exitCode, out, err } = await verifies(change, ...QUESTION, "-o", format);
      assert.equal(exitCode, 2, out + err);
      assert.doesNotMatch(out + err, CONTROLS);
    }
    const flags = ["--nonce", NONCE, "--reference", "painted.json", "-o", format];
    const { exitCode, out, err } = await verifies(same, ...flags);
    assert.equal(exitCode, 2);
    assert.doesNotMatch(out + err, CONTROLS);
  }
});
