/**
 * JWT-01: keys, algorithms and times of a token are never taken from the token.
 * Each attack is made with the verifier's own key where it could be, so that
 * nothing but the check in question can refuse it; and beside each stands what
 * is accepted.
 */
import assert from "node:assert/strict";
import { fromBase64url, toBase64url } from "../../src/core/base64url.ts";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";
import { jwkOf } from "../../src/results/jwks.ts";
import { examineToken } from "../../src/results/judge.ts";
import type { TokenExpectation } from "../../src/results/read.ts";
import {
  AUDIENCE,
  expectation,
  type Forged,
  forgedToken,
  goodToken,
  NONCE,
  NOW,
  realResult,
  verifierKey,
} from "./tokens.ts";

async function codeOf(token: string, change: Partial<TokenExpectation> = {}): Promise<string> {
  try {
    const { verdict } = await examineToken(token, await expectation(change));
    return verdict;
  } catch (error) {
    const code: unknown = Object(error).code;
    if (typeof code === "string") return code;
    throw error;
  }
}

const IAT = NOW.getTime() / 1000;
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

const mine = jwkOf((await verifierKey("P-384")).publicKey);

/** Headers that would bring a key, an address or a rule. */
const HEADERS: readonly (readonly [string, Forged["header"]])[] = [
  ["an address of keys (jku)", { jku: "https://keys.example.org/jwks" }],
  ["a key of its own (jwk)", { jwk: { ...mine } }],
  ["an address of certificates (x5u)", { x5u: "https://keys.example.org/c.pem" }],
  ["certificates of its own (x5c)", { x5c: ["MIIB"] }],
  ["rules that must be understood (crit)", { crit: ["exp"] }],
  ["a payload in another form (b64)", { b64: false, crit: ["b64"] }],
  ["compression (zip)", { zip: "DEF" }],
  ["a member that nobody knows", { foo: 1 }],
  ["no algorithm", { alg: undefined }],
  ["an algorithm that is no text", { alg: ["ES256"] }],
  ["another type", { typ: "at+jwt" }],
  ["no type", { typ: undefined }],
];

for (const [what, header] of HEADERS) {
  Deno.test(`JWT-01 a token whose header has ${what} is refused`, async () => {
    assert.equal(await codeOf(await forgedToken({ header: header ?? {} })), "results.header");
    assert.equal(await codeOf(await forgedToken({})), "trusted");
  });
}

const unsigned = async (header: string, signature: string): Promise<string> => {
  const [, payload = ""] = (await goodToken()).split(".");
  return `${toBase64url(new TextEncoder().encode(header))}.${payload}.${signature}`;
};

Deno.test("JWT-01 a token without signature (none) is refused, with and without a signature's bytes", async () => {
  for (const alg of ["none", "None", "NONE", ""]) {
    const header = JSON.stringify({ alg, typ: "eat+jwt" });
    assert.equal(await codeOf(await unsigned(header, "")), "results.form");
    assert.equal(await codeOf(await unsigned(header, "AAAA")), "results.algorithm");
  }
});

Deno.test("JWT-01 a token under HS256 with the verifier's public key as secret is refused", async () => {
  const { publicKey } = await verifierKey();
  const secrets = [
    publicKey.spki,
    new TextEncoder().encode(keyPem("PUBLIC KEY", publicKey.spki)),
    new TextEncoder().encode(JSON.stringify(jwkOf(publicKey))),
  ];
  for (const secret of secrets) {
    const header = JSON.stringify({ alg: "HS256", typ: "eat+jwt", kid: publicKey.id });
    const [head = "", body = ""] = (await unsigned(header, "x")).split(".");
    const signed = new TextEncoder().encode(`${head}.${body}`);
    const use = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", secret.slice(), use, false, ["sign"]);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
    assert.equal(await codeOf(`${head}.${body}.${toBase64url(mac)}`), "results.algorithm");
  }
});

Deno.test("JWT-01 the key decides the algorithm: another key, another curve, another name for it", async () => {
  assert.equal(await codeOf(await goodToken({}, "P-384")), "results.algorithm");
  assert.equal(await codeOf(await forgedToken({ header: { alg: "ES384" } })), "results.algorithm");
  const { publicKey } = await verifierKey("P-384");
  assert.equal(await codeOf(await goodToken(), { keys: [publicKey] }), "results.algorithm");
  assert.equal(await codeOf(await goodToken({}, "P-384"), { keys: [publicKey] }), "trusted");
  const ed = (await verifierKey("Ed25519")).publicKey;
  assert.equal(await codeOf(await goodToken({}, "Ed25519"), { keys: [publicKey, ed] }), "trusted");
});

Deno.test("JWT-01 a token of somebody else's key is refused, whatever name it gives its key", async () => {
  const { publicKey } = await generateSigningKey("P-256");
  assert.equal(await codeOf(await goodToken(), { keys: [publicKey] }), "results.signature");
  const named = await forgedToken({ header: { kid: publicKey.id } });
  assert.equal(await codeOf(named, { keys: [publicKey] }), "results.signature");
});

Deno.test("JWT-01 one changed character of any part is refused", async () => {
  const token = await goodToken();
  const ends = [...token].flatMap((c, i) => c === "." ? [i] : []);
  for (const at of [4, (ends[0] ?? 0) + 20, (ends[1] ?? 0) - 9, token.length - 20]) {
    const other = token[at] === "A" ? "B" : "A";
    const bent = `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
    assert.match(await codeOf(bent), /^results\.(?:signature|form|header|algorithm)$/);
  }
});

/** Claims about times; the clock stands at `iat`. */
const TIMES: readonly (readonly [string, Forged["claims"], string])[] = [
  ["no exp", { exp: undefined }, "results.claims"],
  ["no iat", { iat: undefined }, "results.claims"],
  ["exp as text", { exp: String(IAT + 300) }, "results.claims"],
  ["exp with a fraction", { exp: IAT + 300.5 }, "results.claims"],
  ["exp before 1970", { exp: -1 }, "results.claims"],
  ["exp beyond all dates", { exp: Number.MAX_SAFE_INTEGER }, "results.claims"],
  ["exp of null", { exp: null }, "results.claims"],
  ["exp that is over", { iat: IAT - 400, nbf: IAT - 400, exp: IAT - 100 }, "results.expired"],
  ["exp of this second", { iat: IAT - 300, nbf: IAT - 300, exp: IAT }, "results.expired"],
  ["nbf of the future", { nbf: IAT + 120 }, "results.not_yet_valid"],
  [
    "iat of the future",
    { iat: IAT + 120, nbf: undefined, exp: IAT + 300 },
    "results.not_yet_valid",
  ],
  ["a life of a year", { exp: IAT + 31_536_000 }, "results.lifetime"],
  ["an end before its beginning", { nbf: IAT + 30, exp: IAT + 20 }, "results.lifetime"],
  ["a last second", { exp: IAT + 1 }, "trusted"],
  ["a clock that is ahead by a minute", { iat: IAT + 60, nbf: IAT + 60 }, "trusted"],
  ["no nbf", { nbf: undefined }, "trusted"],
];

for (const [what, claims, code] of TIMES) {
  Deno.test(`JWT-01 a token with ${what}: ${code}`, async () => {
    assert.equal(await codeOf(await forgedToken({ claims: claims ?? {} })), code);
  });
}

Deno.test("JWT-01 the caller's clock counts, and there is no verification without one", async () => {
  const token = await goodToken();
  assert.equal(await codeOf(token, { now: later(299) }), "trusted");
  assert.equal(await codeOf(token, { now: later(300) }), "results.expired");
  assert.equal(await codeOf(token, { now: later(-61) }), "results.not_yet_valid");
  for (const now of [undefined, null, NaN, 0, "2026-11-21", new Date(NaN)]) {
    const given = { ...await expectation(), now };
    // A caller without types can leave the clock out.
    await assert.rejects(examineToken(token, given as TokenExpectation), TypeError);
  }
});

Deno.test("JWT-01 nonce, audience, policy and keys cannot be left out by mistake", async () => {
  const token = await goodToken();
  const left = [
    { nonce: undefined },
    { nonce: new Uint8Array() },
    { nonce: "" },
    { audience: undefined },
    { audience: "" },
    { audience: null },
    { policy: undefined },
    { policy: {} },
    { policy: { digest: "" } },
    { policy: { digest: "AB".repeat(32) } },
    { policy: { id: "" } },
  ];
  for (const change of left) {
    const given = { ...await expectation(), ...change };
    await assert.rejects(examineToken(token, given as TokenExpectation), TypeError);
  }
  await assert.rejects(examineToken(token, await expectation({ keys: [] })), RangeError);
});

Deno.test("JWT-01 a nonce that is not answered is refused; none is asked for only in so many words", async () => {
  const other = NONCE.map((byte) => byte ^ 1);
  assert.equal(await codeOf(await goodToken(), { nonce: other }), "results.nonce");
  const without = await forgedToken({ claims: { eat_nonce: undefined } });
  assert.equal(await codeOf(without), "results.nonce");
  assert.equal(await codeOf(without, { nonce: null }), "trusted");
  assert.equal(await codeOf(await goodToken(), { nonce: null }), "trusted");
  const empty = await forgedToken({ claims: { eat_nonce: "" } });
  assert.equal(await codeOf(empty, { nonce: null }), "results.claims");
});

Deno.test("JWT-01 a token for somebody else, or for nobody, is refused", async () => {
  assert.equal(await codeOf(await goodToken(), { audience: "https://other" }), "results.audience");
  const nobody = await forgedToken({ claims: { aud: undefined } });
  assert.equal(await codeOf(nobody), "results.audience");
  for (const aud of ["", [], {}, [AUDIENCE, 1]]) {
    assert.equal(await codeOf(await forgedToken({ claims: { aud } })), "results.claims");
  }
  const prefix = await forgedToken({ claims: { aud: `${AUDIENCE}/more` } });
  assert.equal(await codeOf(prefix), "results.audience");
  const several = await forgedToken({ claims: { aud: ["https://other", AUDIENCE] } });
  assert.equal(await codeOf(several), "trusted");
});

Deno.test("JWT-01 a token by another policy is refused, in each place where it can say so", async () => {
  const digest = "ab".repeat(32);
  assert.equal(await codeOf(await goodToken(), { policy: { digest } }), "results.policy");
  const result = await realResult();
  const other = { ...result, digests: { ...result.digests, policy: digest } };
  assert.equal(await codeOf(await forgedToken({ result: other })), "results.policy");
  const digests = { ...other.digests, reference: undefined };
  const casemate = { ...Object((await claimsOfGood()).casemate), digests };
  assert.equal(await codeOf(await forgedToken({ claims: { casemate } })), "results.policy");
});

async function claimsOfGood(): Promise<Readonly<Record<string, unknown>>> {
  const [, payload = ""] = (await goodToken()).split(".");
  const claims: Readonly<Record<string, unknown>> = JSON.parse(
    new TextDecoder().decode(fromBase64url(payload)),
  );
  return claims;
}

Deno.test("JWT-01 members that stand twice in header or claims are refused, at any depth", async () => {
  const [head = "", body = ""] = (await goodToken()).split(".");
  const text = (part: string): string => new TextDecoder().decode(fromBase64url(part));
  const header = text(head);
  const twice = [
    { headerText: header.replace("{", '{"alg":"none",') },
    { headerText: header.replace("{", '{"kid":"a",') },
    { headerText: header.replace("{", '{"\\u0061lg":"none",') },
    { payloadText: text(body).replace("{", `{"exp":${IAT + 9},`) },
    { payloadText: text(body).replace('"hardware":2', '"hardware":96,"hardware":2') },
    { payloadText: `${text(body)} {}` },
    { payloadText: `\ufeff${text(body)}` },
    { payloadText: "[]" },
  ];
  for (const forged of twice) assert.equal(await codeOf(await forgedToken(forged)), "results.form");
});

Deno.test("JWT-01 a token has one form: no white space, no padding, no further part", async () => {
  const token = await goodToken();
  const forms = [
    `${token} `,
    `${token}\n`,
    ` ${token}`,
    `${token}=`,
    `${token}.`,
    `${token}.e30`,
    token.replaceAll(".", ". "),
    token.split(".").slice(0, 2).join("."),
    "",
    "..",
    `Bearer ${token}`,
    `${"A".repeat(600_000)}.e30.AAAA`,
  ];
  for (const form of forms) assert.equal(await codeOf(form), "results.form", form.slice(0, 40));
});
