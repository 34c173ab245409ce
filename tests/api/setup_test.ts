/**
 * How a service is set up decides: keys, policies, roots, ledger, origins, page.
 */
import assert, { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { memoryLedger } from "../../src/api/ledger.ts";
import type { Answered, ServiceParts } from "../../src/api/parts.ts";
import { createService } from "../../src/api/service.ts";
import { fromHex, toBase64, toHex } from "../../src/core/bytes.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { generateSigningKey } from "../../src/core/signing_key.ts";
import { GOOGLE_ROOT_FILES } from "../../src/evidence/gce/issuers.ts";
import { ownerAuthority, signReference } from "../../src/policy/reference/authority.ts";
import { readSignedReference } from "../../src/policy/reference/signed.ts";
import { policyIdOf } from "../../src/results/ear.ts";
import { documentDigest } from "../../src/verifier/digests.ts";
import { readSigningKey } from "../../src/core/signing_key.ts";
import { NOW } from "../lab_authority.ts";
import { mintedOf, NONCE } from "../variants/ask.ts";
import {
  answered,
  answering,
  challengeOf,
  envelopeOf,
  refused,
  resultOf,
  verify,
} from "./asking.ts";
import { serviceLab } from "./lab.ts";
import { inProcess, partsOf } from "./world.ts";

const lab = await serviceLab(NOW);
const JWT = "application/eat+jwt";
const withParts = (change: Partial<ServiceParts>) => inProcess(partsOf(lab, change), lab);

/** A clock that tests move. */
function movable(): { now(): Date; pass(milliseconds: number): void } {
  let time = NOW.getTime();
  return { now: () => new Date(time), pass: (milliseconds) => void (time += milliseconds) };
}

Deno.test("a nonce runs out, later where it is remembered", async () => {
  for (const [ledger, lifetime] of [[null, 60_000], [undefined, 300_000]] as const) {
    const clock = movable();
    const service = withParts({ clock, ...(ledger === null ? { ledger } : {}) });
    const { issued, minted } = await answered(service);
    const body = { envelope: envelopeOf(minted), challenge: answering(issued) };
    equal(Date.parse(issued.expires), NOW.getTime() + lifetime);
    clock.pass(lifetime - 1);
    equal((await verify(service, body)).status, 200);
    clock.pass(1);
    await refused(await verify(service, body), 403, "api.nonce_expired");
  }
});

Deno.test("a nonce of another secret is none, one of the same is, but for longer than here", async () => {
  const { issued, minted } = await answered(withParts({}));
  const body = { envelope: envelopeOf(minted), challenge: answering(issued) };
  const other = withParts({ nonceSecret: new Uint8Array(32).fill(1) });
  await refused(await verify(other, body), 403, "api.nonce_unknown");
  // Made to be remembered for five minutes, it would be taken again and again by who remembers none.
  await refused(await verify(withParts({ ledger: null }), body), 403, "api.nonce_unknown");
  equal((await verify(withParts({}), body)).status, 200);
  throws(() => createService(partsOf(lab, { nonceSecret: new Uint8Array(31) })), RangeError);
});

Deno.test("what cannot be remembered is refused, and nothing is forgotten for it", async () => {
  const clock = movable();
  const service = withParts({ clock, ledger: memoryLedger(clock, 1) });
  const [first, second] = [await answered(service), await answered(service)];
  const bodyOf = ({ issued, minted }: typeof first) => ({
    envelope: envelopeOf(minted),
    challenge: answering(issued),
  });
  equal((await verify(service, bodyOf(first))).status, 200);
  const full = await verify(service, bodyOf(second));
  ok(Number(full.headers.get("retry-after")) > 0);
  await refused(full, 503, "api.nonces_full");
  await refused(await verify(service, bodyOf(first)), 409, "api.nonce_used");
  clock.pass(301_000);
  equal((await verify(service, bodyOf(await answered(service)))).status, 200);
});

Deno.test("a ledger that cannot be reached lets nothing through", async () => {
  const error = new UnavailableError("Cannot ask", {
    code: "api.nonces_unavailable",
    retryable: true,
  });
  const service = withParts({ ledger: { spend: () => Promise.reject(error) } });
  const { issued, minted } = await answered(service);
  const body = { envelope: envelopeOf(minted), challenge: answering(issued) };
  await refused(await verify(service, body), 503, "api.nonces_unavailable");
});

Deno.test("a service without keys verifies, publishes none and signs nothing", async () => {
  const service = withParts({ keys: null });
  const body = {
    envelope: envelopeOf(await lab.mint(NONCE)),
    nonce: toHex(NONCE),
    policy: { digest: lab.digest },
  };
  equal((await resultOf(await verify(service, body))).verdict, "lab-trusted");
  const token = { ...body, token: { audience: "a" } };
  await refused(await verify(service, token, JWT), 406, "api.no_tokens");
  deepEqual(await (await service.ask("/.well-known/jwks.json")).json(), { keys: [] });
});

Deno.test("keys overlap: the next one is published before it signs, each once", async () => {
  const { publicKey: next } = await generateSigningKey("Ed25519");
  const { publicKey: own } = lab.signer;
  const keys = { signer: lab.signer, others: [next, own], issuer: lab.issuer };
  const { keys: published } = await (await withParts({ keys }).ask("/.well-known/jwks.json"))
    .json();
  deepEqual(published.map(({ kid }: { kid: string }) => kid), [own.id, next.id]);
});

Deno.test("the profile of tokens is the service's where the client names none", async () => {
  const keys = { signer: lab.signer, others: [], issuer: lab.issuer, profile: "veraison" as const };
  const body = {
    envelope: envelopeOf(await lab.mint(NONCE)),
    nonce: toHex(NONCE),
    policy: { digest: lab.digest },
  };
  const token = await (await verify(withParts({ keys }), body, JWT)).text();
  const claims = JSON.parse(
    atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")),
  );
  equal(claims.eat_profile, "tag:github.com,2023:veraison/ear");
  deepEqual([claims.casemate.freshness, claims.aud], ["caller", undefined]);
});

Deno.test("a service with a policy that cannot be used does not begin", () => {
  const wrong: readonly (readonly [ServiceParts["policies"], string])[] = [
    [[{ policy: { version: 1, allowLabs: true }, reference: undefined }], "policy.unknown_key"],
    [
      [{ policy: lab.policy, reference: { version: 1, "sev-snp": { x: 1 } } }],
      "policy.unknown_key",
    ],
    [[{ policy: lab.policy, reference: undefined }, {
      policy: lab.policy,
      reference: lab.reference,
    }], "input.conflict"],
    [[{ policy: lab.policy, reference: undefined, believed: { report: NONCE } }], "input.unknown"],
    [[{
      policy: { version: 1, "sev-snp": { measurements: ["00".repeat(48)] } },
      reference: lab.reference,
    }], "input.conflict"],
  ];
  for (const [policies, code] of wrong) {
    throws(() => createService(partsOf(lab, { policies })), { name: "InputError", code });
  }
});

Deno.test("reference values that an owner signed are told with the owner", async () => {
  const { pkcs8, publicKey } = await generateSigningKey("P-384");
  const document = JSON.parse(JSON.stringify(lab.reference));
  const file = await signReference(document, [await readSigningKey(pkcs8)]);
  const reference = await readSignedReference(file, [ownerAuthority([publicKey])]);
  const service = withParts({ policies: [{ policy: lab.policy, reference }] });

  const { policies: [entry] } = await (await service.ask("/v1/policies")).json();
  equal(entry.reference.owner, publicKey.id);
  const body = {
    envelope: envelopeOf(await lab.mint(NONCE)),
    nonce: toHex(NONCE),
    policy: { digest: lab.digest },
  };
  const result = await resultOf(await verify(service, body));
  equal(result.reference?.owner, publicKey.id);
});

Deno.test("NET-02 under a registered policy a client cannot bring roots that are believed", async () => {
  const minted = await mintedOf("qemu-vtpm");
  const labRoots = [new TextEncoder().encode(minted.roots)];
  const [root = new Uint8Array()] = GOOGLE_ROOT_FILES;
  const policy = { version: 1, admitVariants: ["qemu-vtpm", "gcp-tdx"], allowLab: true };
  const reference = { version: 1, "qemu-vtpm": minted.reference };
  const believed = { akCertRoots: [root], firmwareEndorsementRoots: [root], identityCert: root };
  const digest = policyIdOf(documentDigest(policy));
  const plain = withParts({ labRoots, policies: [{ policy, reference }] });
  const base = { envelope: envelopeOf(minted), nonce: toHex(NONCE), policy: { digest } };
  const brought = { ...base, evidence: { akCertRoots: toBase64(root) } };

  const problem = await refused(await verify(plain, brought), 403, "api.believed");
  deepEqual(problem["fields"], { field: "evidence.akCertRoots" });
  const own = withParts({ labRoots, policies: [{ policy, reference, believed }] });
  const given = { ...brought, policy: { inline: policy }, reference };
  const [without, ours, theirs] = [
    await resultOf(await verify(plain, base)),
    await resultOf(await verify(own, base)),
    await resultOf(await verify(plain, given)),
  ];
  // The digest of the evidence tells that the service's root went in where the client's would.
  equal(ours.digests.evidence, theirs.digests.evidence);
  assert.notEqual(ours.digests.evidence, without.digests.evidence);
});

Deno.test("origins that are named may read answers, others may not, and caches are told", async () => {
  const named = "https://page.example.org";
  const service = withParts({ origins: [named] });
  for (
    const [origin, allowed] of [[named, named], ["https://other.example.org", null], ["null", null]]
  ) {
    const headers = { origin: origin ?? "" };
    const response = await service.ask("/v1/challenge", { method: "POST", headers });
    equal(response.headers.get("access-control-allow-origin"), allowed);
    match(response.headers.get("vary") ?? "", /Origin/);
    await response.bytes();
  }
  const all = await withParts({}).ask("/v1/policies");
  equal(all.headers.get("access-control-allow-origin"), "*");
  const inner = await withParts({}).ask("/metrics");
  equal(inner.headers.get("access-control-allow-origin"), null);
});

Deno.test("a service without a page has none, and one with has it as it is", async () => {
  await refused(await withParts({ page: null }).ask("/"), 404, "api.not_found");
  const page = {
    html: new TextEncoder().encode("<p>"),
    policy: "default-src 'none'; script-src 'x';",
  };
  const response = await withParts({ page }).ask("/");
  equal(await response.text(), "<p>");
  equal(
    response.headers.get("content-security-policy"),
    "default-src 'none'; script-src 'x'; frame-ancestors 'none'",
  );
});

Deno.test("whoever listens is told of each request, and of nothing in it", async () => {
  const told: Answered[] = [];
  const service = withParts({ told: (answered) => void told.push(answered) });
  const { issued, minted } = await answered(service);
  const body = {
    envelope: envelopeOf(minted),
    challenge: answering(issued),
    policy: { digest: lab.digest },
  };
  await resultOf(await verify(service, body));
  await refused(await verify(service, body), 409, "api.nonce_used");
  await refused(await service.ask("/secret?token=x", { method: "DELETE" }), 404, "api.not_found");

  const none = { code: null, verdict: null, variant: null, policy: null, took: 0 };
  deepEqual(told, [
    { ...none, method: "POST", route: "/v1/challenge", status: 200 },
    {
      ...none,
      method: "POST",
      route: "/v1/verify",
      status: 200,
      verdict: "lab-trusted",
      variant: "sev-snp",
      policy: lab.digest,
    },
    { ...none, method: "POST", route: "/v1/verify", status: 409, code: "api.nonce_used" },
    { ...none, method: "DELETE", route: "other", status: 404, code: "api.not_found" },
  ]);
});

Deno.test("a clock that is set back takes nothing from what was measured", async () => {
  let time = NOW.getTime();
  const told: Answered[] = [];
  const clock = { now: () => new Date(time -= 60_000) };
  const service = withParts({ clock, told: (answered) => void told.push(answered) });
  equal((await service.ask("/healthz")).status, 200);
  deepEqual(told.map(({ took }) => took), [0]);
  match(await (await service.ask("/metrics")).text(), /_seconds_sum\{route="\/healthz"\} 0$/m);
});

Deno.test("a mistake of the program is told to whoever runs it, and to nobody else", async () => {
  const engine = { run: () => Promise.reject(new Error("inner secret")) };
  const failures: unknown[] = [];
  const service = withParts({ engine, failed: (error) => void failures.push(error) });
  const body = { envelope: envelopeOf(await lab.mint(NONCE)), nonce: toHex(NONCE) };
  const problem = await refused(await verify(service, body), 500, "api.failed");
  ok(!JSON.stringify(problem).includes("secret"));
  equal(failures.length, 1);
  await rejects(verify(withParts({ engine }), body), /inner secret/);
});

Deno.test("nonces of one moment differ by their random part alone", async () => {
  const service = withParts({ random: { bytes: (length) => new Uint8Array(length).fill(7) } });
  const [one, two] = [await challengeOf(service), await challengeOf(service)];
  equal(one.nonce, two.nonce);
  equal(fromHex(one.nonce).length, 32);
});
