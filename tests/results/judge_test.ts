import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { signResult, type TokenOptions } from "../../src/results/ear.ts";
import { examineToken, TokenNotTrustedError, verifyToken } from "../../src/results/judge.ts";
import type { EarProfile } from "../../src/results/profile.ts";
import type { TokenExpectation } from "../../src/results/read.ts";
import type { Result } from "../../src/results/result.ts";
import { ask, mintedOf } from "../variants/ask.ts";
import {
  expectation,
  forgedToken,
  goodToken,
  labResult,
  NONCE,
  OPTIONS,
  realResult,
  verifierKey,
} from "./tokens.ts";

/** Verdict and code, or the code of the refusal. */
async function outcome(token: string, change: Partial<TokenExpectation> = {}): Promise<string> {
  try {
    const { verdict, code } = await examineToken(token, await expectation(change));
    return `${verdict}: ${code}`;
  } catch (error) {
    const code: unknown = Object(error).code;
    if (typeof code === "string") return `refused: ${code}`;
    throw error;
  }
}

/** A token about a result, and what the relying party expects but for its own changes. */
async function told(
  result: Result,
  change: Partial<TokenExpectation> = {},
  options: Partial<TokenOptions> = {},
): Promise<string> {
  const token = await signResult(result, await verifierKey(), { ...OPTIONS, ...options });
  return await outcome(token, { policy: { digest: result.digests.policy }, ...change });
}

Deno.test("examineToken() trusts what the verifier trusts, under roots that are accepted here", async () => {
  const azure = await realResult("azure-sev-snp");
  assert.equal(await told(await realResult()), "trusted: null");
  assert.equal(await told(azure), "platform-only: results.root_not_accepted");
  assert.equal(
    await told(azure, { acceptRoots: ["amd"] }),
    "platform-only: results.root_not_accepted",
  );
  assert.equal(
    await told(azure, { acceptRoots: ["paravisor"] }),
    "platform-only: results.root_not_accepted",
  );
  assert.equal(await told(azure, { acceptRoots: ["amd", "paravisor"] }), "trusted: null");
});

Deno.test("examineToken() passes on what the verifier refused or had not enough for", async () => {
  const minted = await mintedOf("sev-snp");
  const unpinned = {
    ...await ask(minted, { section: {} }),
    roots: [],
    weakestRoot: "none" as const,
  };
  assert.equal(await told(unpinned), "platform-only: results.not_enough");
  assert.equal(
    await told(unpinned, {}, { platformOnly: "warning" }),
    "platform-only: results.not_enough",
  );
  const report = minted.files["report"];
  assert.ok(report instanceof Uint8Array);
  const bent = await ask(minted, {
    files: { report: report.map((b, i) => i === 0x95 ? b ^ 1 : b) },
  });
  assert.equal(await told(bent), "rejected: results.contraindicated");
});

Deno.test("examineToken() takes tokens about lab evidence only where that is said, and never as trusted", async () => {
  const lab = await labResult();
  assert.equal(await told(lab), "refused: results.lab");
  assert.equal(await told(lab, { allowLab: true }), "lab-trusted: null");
  for (const profile of ["ietf", "veraison", "trustee"] as const) {
    assert.equal(await told(lab, { profile }, { profile }), "rejected: results.lab");
    const allowed = await told(lab, { profile, allowLab: true }, { profile });
    assert.equal(allowed, "rejected: results.contraindicated");
  }
});

Deno.test("examineToken() takes the profile that was expected and no other", async () => {
  const profiles: readonly EarProfile[] = ["casemate", "ietf", "veraison", "trustee"];
  for (const profile of profiles) {
    const token = await goodToken({ profile });
    for (const wanted of profiles) {
      const expected = profile === wanted ? "trusted: null" : "refused: results.profile";
      assert.equal(await outcome(token, { profile: wanted }), expected);
    }
  }
});

/** A token as another verifier writes it. */
function foreign(appraisal: object, more: object = {}): Promise<string> {
  return forgedToken({
    options: { profile: "ietf" },
    header: { typ: "JWT" },
    claims: { casemate: undefined, submods: { cpu0: appraisal }, ...more },
  });
}

/** Another verifier's form, with and without underscores (NVIDIA's). */
const AFFIRMING = {
  "ear_status": "affirming",
  "ear_trustworthiness_vector": { "hardware": 2 },
  "ear_appraisal_policy_id": "default",
};

Deno.test("examineToken() reads other verifiers' tokens, whose roots are nobody's before somebody accepts that", async () => {
  const terms: Partial<TokenExpectation> = { profile: "ietf", policy: { id: "default" } };
  assert.equal(
    await outcome(await foreign(AFFIRMING), terms),
    "platform-only: results.root_not_accepted",
  );
  const none: Partial<TokenExpectation> = { ...terms, acceptRoots: ["none"] };
  assert.equal(await outcome(await foreign(AFFIRMING), none), "trusted: null");
  const dotted = {
    "ear.status": 2,
    "ear.trustworthiness-vector": { hardware: 2 },
    "ear.appraisal-policy-id": "default",
  };
  assert.equal(await outcome(await foreign(dotted), none), "trusted: null");
  for (const eat_nonce of [toHex(NONCE), btoa(String.fromCharCode(...NONCE))]) {
    assert.equal(await outcome(await foreign(AFFIRMING, { eat_nonce }), none), "trusted: null");
    assert.equal(
      await outcome(await forgedToken({ claims: { eat_nonce } })),
      "refused: results.nonce",
    );
  }
});

Deno.test("examineToken() takes other profiles' tokens for whomever only where that is said", async () => {
  const { audience: _, ...nobody } = OPTIONS;
  const others = { ...nobody, profile: "trustee" } as const;
  const token = await signResult(await realResult(), await verifierKey(), others);
  assert.equal(await outcome(token, { profile: "trustee" }), "refused: results.audience");
  assert.equal(await outcome(token, { profile: "trustee", audience: null }), "trusted: null");
  await assert.rejects(signResult(await realResult(), await verifierKey(), nobody), {
    code: "input.missing",
  });
});

Deno.test("examineToken() finds everything else in other verifiers' tokens wanting", async () => {
  const terms: Partial<TokenExpectation> = {
    profile: "ietf",
    policy: { id: "default" },
    acceptRoots: ["none"],
  };
  const cases: readonly (readonly [object, string])[] = [
    [{ "ear_status": "none" }, "unavailable: results.not_appraised"],
    [{ "ear_status": "warning" }, "platform-only: results.not_enough"],
    [{ "ear_status": "contraindicated" }, "rejected: results.contraindicated"],
    [{ "ear_status": 3 }, "refused: results.claims"],
    [{ "ear_status": undefined }, "refused: results.claims"],
    [{ "ear.status": "affirming" }, "refused: results.claims"],
    [{ "ear_trustworthiness_vector": { hardware: 96 } }, "refused: results.inconsistent"],
    [{ "ear_trustworthiness_vector": { hardware: 33 } }, "refused: results.inconsistent"],
    [{ "ear_trustworthiness_vector": { hardware: -100 } }, "refused: results.inconsistent"],
    [{ "ear_trustworthiness_vector": { hardware: 128 } }, "refused: results.claims"],
    [{ "ear_trustworthiness_vector": { hardware: "2" } }, "refused: results.claims"],
    [{ "ear_trustworthiness_vector": { other: 2 } }, "refused: results.claims"],
    [{ "ear_trustworthiness_vector": { hardware: 0 } }, "trusted: null"],
    [{ "ear_appraisal_policy_id": undefined }, "refused: results.policy"],
    [{ "ear_appraisal_policy_id": ["default", "other"] }, "refused: results.policy"],
    [{ "ear_appraisal_policy_ids": ["default"] }, "refused: results.claims"],
  ];
  for (const [change, wanted] of cases) {
    const token = await foreign({ ...AFFIRMING, ...change });
    assert.equal(await outcome(token, terms), wanted, JSON.stringify(change));
  }
  for (const submods of [{}, [], { cpu0: "affirming" }, { "\n": AFFIRMING }]) {
    assert.equal(await outcome(await foreign({}, { submods }), terms), "refused: results.claims");
  }
  const half = { cpu0: AFFIRMING, gpu0: { ...AFFIRMING, "ear_status": "none" } };
  const halved = await outcome(await foreign({}, { submods: half }), terms);
  assert.equal(halved, "unavailable: results.not_appraised");
  const better = await foreign({ ...AFFIRMING, "ear_status": "warning" }, {
    "ear_status": "affirming",
  });
  assert.equal(await outcome(better, terms), "refused: results.inconsistent");
});

Deno.test("examineToken() refuses a verifier that contradicts itself", async () => {
  const result = await realResult();
  const other = (change: Partial<Result>): Result => ({ ...result, ...change });
  const token = async (claims: object): Promise<string> =>
    await forgedToken({ claims: { ...claims } });
  const submods = {
    cpu0: { ...AFFIRMING, "ear_appraisal_policy_id": `sha256:${result.digests.policy}` },
  };
  const bad = { cpu0: { ...submods.cpu0, "ear_status": "contraindicated" } };
  assert.equal(await outcome(await token({ submods })), "trusted: null");
  assert.equal(await outcome(await token({ submods: bad })), "refused: results.inconsistent");
  const lab = await forgedToken({
    result: other({ roots: ["lab"], weakestRoot: "lab", verdict: "lab-trusted" }),
    claims: { eat_profile: "tag:casemate.dev,2026:ear" },
  });
  assert.equal(await outcome(lab, { allowLab: true }), "refused: results.inconsistent");
  const both = other({ roots: ["amd", "lab"], weakestRoot: "amd", verdict: "trusted" });
  assert.equal(
    await outcome(await forgedToken({ result: both }), { allowLab: true }),
    "refused: results.inconsistent",
  );
  const rejected = await forgedToken({
    result: other({ verdict: "rejected" }),
    claims: { submods },
  });
  assert.equal(await outcome(rejected), "refused: results.inconsistent");
});

Deno.test("examineToken() believes of two words on one thing the worse", async () => {
  const none = await forgedToken({ claims: { ear_status: "none" } });
  assert.equal(await outcome(none), "unavailable: results.not_appraised");
  const weaker = await realResult("sev-snp", { roots: ["amd"], weakestRoot: "provider" });
  assert.equal(await told(weaker), "platform-only: results.root_not_accepted");
});

Deno.test("examineToken() refuses a token that is too long before anything of it is read", async () => {
  const long = `${await goodToken()}${"A".repeat(600_000)}`;
  const error = await assertThrown(examineToken(long, await expectation()));
  assert.match(String(error), /has \d+ characters, expected at most 524288/);
});

Deno.test("examineToken() holds the issuer to what was expected", async () => {
  const issuer = "https://verifier.example.org";
  assert.equal(await outcome(await goodToken({ issuer }), { issuer }), "trusted: null");
  assert.equal(await outcome(await goodToken(), { issuer }), "refused: results.issuer");
  assert.equal(
    await outcome(await goodToken({ issuer: `${issuer}.` }), { issuer }),
    "refused: results.issuer",
  );
});

Deno.test("verifyToken() resolves only with trust; every other end is an error with its code", async () => {
  const { verdict, by, claims } = await verifyToken(await goodToken(), await expectation());
  assert.equal(verdict, "trusted");
  assert.equal(by, `verifier:${(await verifierKey()).publicKey.id}`);
  assert.equal(claims.own?.variant, "sev-snp");
  assert.ok(claims.own?.statement?.tlsSpki, "who relies on it can tell which channel it is about");

  const azure = await realResult("azure-sev-snp");
  const token = await signResult(azure, await verifierKey(), OPTIONS);
  const policy = { digest: azure.digests.policy };
  const refused = await assertThrown(verifyToken(token, await expectation({ policy })));
  assert.ok(refused instanceof TokenNotTrustedError);
  assert.equal(refused.code, "results.root_not_accepted");
  assert.equal(refused.result.verdict, "platform-only");

  const lab = await signResult(await labResult(), await verifierKey(), OPTIONS);
  const digest = (await labResult()).digests.policy;
  const terms = await expectation({ policy: { digest } });
  assert.equal(Object(await assertThrown(verifyToken(lab, terms))).code, "results.lab");
  assert.equal((await verifyToken(lab, { ...terms, allowLab: true })).verdict, "lab-trusted");

  const none = await foreign({ ...AFFIRMING, "ear_status": "none" });
  const foreignTerms = await expectation({ profile: "ietf", policy: { id: "default" } });
  assert.equal(
    Object(await assertThrown(verifyToken(none, foreignTerms))).name,
    "UnavailableError",
  );
});

async function assertThrown(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: "it did not throw" });
}
