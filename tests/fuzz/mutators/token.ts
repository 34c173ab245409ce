/**
 * Attestation results: a token that is taken is word for word what a verifier
 * signed, or, where the verifier's own key signed something else, still says
 * all that the relying party asked about.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { importSPKI, jwtVerify } from "jose";
import { fromBase64url, toBase64url } from "../../../src/core/base64url.ts";
import { keyPem, SIGNING_KEY_KINDS, type SigningKeyKind } from "../../../src/core/signing_key.ts";
import { examineToken, type TokenResult, verifyToken } from "../../../src/results/judge.ts";
import { ALGORITHMS, decodeJws } from "../../../src/results/jws.ts";
import { EAR_PROFILES, type EarProfile, PROFILE_TAGS } from "../../../src/results/profile.ts";
import { editText } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { AUDIENCE, expectation, goodToken, NONCE, NOW, verifierKey } from "../../results/tokens.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { jsonSteps } from "./json_steps.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A token in parts, and whether the verifier's key signs it at last, whatever it says. */
interface Bent {
  readonly kind: SigningKeyKind;
  readonly parts: readonly string[];
  readonly again: boolean;
}

const HEADERS = jsonSteps({
  raws: [
    ...['"none"', '"HS256"', '"ES256"', '"ES384"', '"EdDSA"', '"Ed25519"', '"eat+jwt"', '"JWT"'],
    ...['"https://keys.example.org/jwks.json"', '["exp"]', '["b64"]', '{"kty":"oct","k":"AA"}'],
  ],
  names: ["alg", "typ", "kid", "jku", "jwk", "x5u", "x5c", "crit", "b64", "cty", "zip"],
});

const seconds = (after: number): string => `${Math.floor(NOW.getTime() / 1000) + after}`;

const CLAIMS = jsonSteps({
  raws: [
    ...[seconds(-1), seconds(0), seconds(59), seconds(301), seconds(3600), seconds(86_400)],
    ...['"affirming"', '"warning"', '"contraindicated"', '"none"', "2", "3", "32", "96", "97"],
    ...[JSON.stringify(AUDIENCE), `[${JSON.stringify(AUDIENCE)}]`, '"https://other.example.org"'],
    ...['"trusted"', '"lab-trusted"', '"platform-only"', '"lab"', '["lab"]', '"provider"', "[]"],
    ...Object.values(PROFILE_TAGS).map((tag) => JSON.stringify(tag)),
    ...['"tag:casemate.dev,2026:lab-ear"', `"sha256:${"ab".repeat(32)}"`, '["amd"]', '["none"]'],
  ],
  names: [
    ...["eat_profile", "iat", "nbf", "exp", "aud", "iss", "eat_nonce", "submods", "casemate"],
    ...["ear_status", "ear.status", "ear_trustworthiness_vector", "ear.trustworthiness-vector"],
    ...["ear_appraisal_policy_ids", "ear.appraisal-policy-id", "cpu0", "vtpm0", "verdict", "roots"],
    ...["weakestRoot", "hardware", "executables", "configuration", "instance-identity", "digests"],
  ],
});

/** Changes a part as JSON; one that a step before has spoilt stays so. */
function inPart(at: number, name: string, table: StepTable<Uint8Array>) {
  return async (bent: Bent, dice: Dice): Promise<Bent> => {
    const part = bent.parts[at] ?? "";
    const changed = await table[name]?.(utf8(textOf(fromBase64url(part))), dice);
    if (changed === undefined) throw new RangeError("There is no such step");
    return { ...bent, parts: bent.parts.map((one, i) => i === at ? toBase64url(changed) : one) };
  };
}

function tableOf(at: number, title: string, table: StepTable<Uint8Array>): StepTable<Bent> {
  return Object.fromEntries(
    Object.keys(table).map((name) => [`${title}: ${name}`, inPart(at, name, table)]),
  );
}

const STEPS: StepTable<Bent> = {
  ...tableOf(0, "header", HEADERS),
  ...tableOf(1, "claims", CLAIMS),
  "signed again": (bent) => ({ ...bent, again: true }),
  "letters": (bent, dice) => ({ ...bent, parts: editText(bent.parts.join("."), dice).split(".") }),
  "signature's bit": (bent, dice) => {
    const signature = fromBase64url(bent.parts[2] ?? "");
    const at = dice.below(signature.length);
    signature[at] = (signature[at] ?? 0) ^ 1 << dice.below(8);
    return { ...bent, parts: [...bent.parts.slice(0, 2), toBase64url(signature)] };
  },
  // Bits beyond the last byte, padding, the other alphabet: one token, one text.
  "second form": (bent, dice) => {
    const at = dice.below(bent.parts.length);
    const part = bent.parts[at] ?? "";
    const last = part.charCodeAt(part.length - 1);
    const forms = [
      `${part}=`,
      `${part}==`,
      `${part}\n`,
      ` ${part}`,
      part.replaceAll("-", "+").replaceAll("_", "/"),
      part.slice(0, -1) + String.fromCharCode(last + 1),
    ];
    return { ...bent, parts: bent.parts.map((one, i) => i === at ? dice.pick(forms) : one) };
  },
  "other signature": async (bent) => ({
    ...bent,
    parts: [...bent.parts.slice(0, 2), (await goodToken({}, bent.kind)).split(".")[2] ?? ""],
  }),
  "as it is": (bent) => bent,
};

async function written({ kind, parts, again }: Bent): Promise<string> {
  if (!again) return parts.join(".");
  const signed = parts.slice(0, 2).join(".");
  return `${signed}.${toBase64url(await (await verifierKey(kind)).sign(utf8(signed)))}`;
}

interface Given {
  readonly kind: SigningKeyKind;
  readonly profile: EarProfile;
  readonly again: boolean;
  readonly steps: readonly Step[];
}

/** Longest life of a token, seconds. */
const LIFE_S = 3600;

/** What must hold of every token that is relied on, read by plain means. */
function objectionTo(token: string, { verdict, fresh }: TokenResult, profile: EarProfile) {
  const [, body = ""] = token.split(".");
  const claims = JSON.parse(textOf(fromBase64url(body)));
  const now = NOW.getTime() / 1000;
  const parts: readonly Record<string, unknown>[] = Object.values(claims.submods);
  const own = claims.casemate;
  const statuses = parts.map((part) => part["ear_status"] ?? part["ear.status"]);
  const holds: readonly (readonly [boolean, string])[] = [
    [verdict === "trusted" && fresh, `it is ${verdict}`],
    [claims.eat_profile === PROFILE_TAGS[profile], "of another profile"],
    [claims.aud === AUDIENCE || claims.aud?.includes(AUDIENCE) === true, "for somebody else"],
    [claims.eat_nonce === toBase64url(NONCE), "in answer to something else"],
    [claims.exp > now && claims.iat <= now + 60, "out of time"],
    [claims.exp - claims.iat <= LIFE_S, "for too long"],
    [statuses.length > 0 && statuses.every((one) => one === "affirming" || one === 2), "no good"],
    [own === undefined || own.verdict === "trusted", "of another verdict"],
    [own === undefined || ["amd", "intel"].includes(own.weakestRoot), "on another root"],
    [!JSON.stringify(own?.roots ?? []).includes("lab"), "of a lab"],
  ];
  return holds.find(([right]) => !right)?.[1] ?? null;
}

/** An independent library takes it, too. */
async function assertJoseAgrees(token: string, kind: SigningKeyKind): Promise<void> {
  const { publicKey } = await verifierKey(kind);
  const { members } = decodeJws(token);
  const alg = String(members["alg"]);
  assert.ok(ALGORITHMS[kind].includes(alg), "the key says the algorithm");
  const terms = { audience: AUDIENCE, currentDate: NOW, clockTolerance: 60 };
  await jwtVerify(token, await importSPKI(keyPem("PUBLIC KEY", publicKey.spki), alg), terms);
}

async function endOf(token: string, good: string, { kind, profile, again }: Given) {
  const { publicKey } = await verifierKey(kind);
  const expected = await expectation({ keys: [publicKey], profile });
  try {
    const examined = await examineToken(token, expected);
    const result = await verifyToken(token, expected);
    assert.deepEqual(result, examined);
    if (!again) assert.equal(token, good, "nobody signed this token");
    assert.equal(objectionTo(token, result, profile), null);
    await assertJoseAgrees(token, kind);
    return "accepted";
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^results\./);
    return error.code;
  }
}

const tokens = new Map<string, Promise<string>>();

/** The token of a profile and kind, made once. */
function minted(profile: EarProfile, kind: SigningKeyKind): Promise<string> {
  const name = `${profile} ${kind}`;
  const known = tokens.get(name) ?? goodToken({ profile }, kind);
  tokens.set(name, known);
  return known;
}

/** Tokens. */
export const token: Kind = kindOf<Given>({
  id: "token",
  says: "tokens of attestation results",
  given: () =>
    Promise.resolve(fc.record({
      kind: fc.constantFrom(...SIGNING_KEY_KINDS),
      profile: fc.constantFrom(...EAR_PROFILES),
      again: fc.boolean(),
      steps: someSteps(STEPS, { "claims: tree": 8, "header: tree": 4, "second form": 3 }),
    })),
  async judge(given) {
    const good = await minted(given.profile, given.kind);
    const start = { kind: given.kind, parts: good.split("."), again: given.again };
    const bent = await takeSteps(STEPS, start, given.steps);
    const file = await written(bent);
    return await timed(
      () => endOf(file, good, { ...given, again: bent.again }),
      { token: utf8(file) },
    );
  },
});
