/**
 * Vectors of statements.
 *
 * @module
 */
import { toHex } from "../../../src/core/bytes.ts";
import { writeStatement } from "../../../src/evidence/statement/read.ts";
import type { Statement } from "../../../src/evidence/statement/statement.ts";
import type { Refusal, StatementVectors } from "./shapes.ts";

/** Of an admitted node. */
export const MEMBER: Statement = {
  v: 1,
  purpose: "serve",
  variant: "gcp-sev-snp",
  audience: "a1".repeat(32),
  requestDigest: "",
  clusterId: "c2".repeat(32),
  manifestDigest: "d3".repeat(32),
  manifestSequence: 7,
  role: "control-plane",
  nodeName: "node-1.a",
  bootId: "b4".repeat(16),
  tlsSpki: `3059301306072a8648ce3d020106082a8648ce3d03010703420004${"e5".repeat(64)}`,
  hpkeKey: "f6".repeat(32),
  phase: "member",
  logHead: "07".repeat(32),
};

/** Of a node that asks to be admitted. */
export const JOINER: Statement = {
  ...MEMBER,
  purpose: "join",
  requestDigest: "18".repeat(32),
  manifestDigest: "",
  manifestSequence: 0,
  role: "",
  nodeName: "",
  phase: "cluster",
  logHead: "",
};

/** Of a node before it knows its cluster. */
export const NEWCOMER: Statement = {
  ...JOINER,
  purpose: "serve",
  requestDigest: "",
  clusterId: "",
  phase: "zero",
};

/** Statements and what they are of. */
export const STATEMENTS: Readonly<Record<string, Statement>> = {
  "an admitted node": MEMBER,
  "a node that asks to be admitted": JOINER,
  "a node before it knows its cluster": NEWCOMER,
  "a node that asks for the key of its disk": { ...JOINER, purpose: "unlock" },
  "a node that renews its certificates": {
    ...MEMBER,
    purpose: "renew",
    requestDigest: "29".repeat(32),
  },
  "an answer to many at once": { ...MEMBER, audience: "batch" },
  "the longest names and the largest number": {
    ...MEMBER,
    role: "r".repeat(63),
    nodeName: `0${".-".repeat(31)}`,
    manifestSequence: Number.MAX_SAFE_INTEGER,
  },
};

/** Vectors of statements. */
export function statementVectors(): StatementVectors {
  const cases = Object.entries(STATEMENTS).map(([says, statement]) => ({
    says,
    statement,
    bytes: toHex(writeStatement(statement)),
  }));
  return { cases, refusals: [...ofText(), ...ofMembers(), ...ofRules()] };
}

const TEXT = new TextDecoder().decode(writeStatement(MEMBER));

function refusal(code: string): (says: string, text: string) => Refusal {
  return (says, text) => ({ says, bytes: toHex(new TextEncoder().encode(text)), code });
}

function ofText(): readonly Refusal[] {
  const encoding = refusal("statement.encoding");
  const second = refusal("statement.not_canonical");
  return [
    encoding("nothing", ""),
    encoding("cut short", TEXT.slice(0, -1)),
    encoding("something behind it", `${TEXT}{}`),
    encoding("a byte order mark", `\ufeff${TEXT}`),
    encoding("a member twice", TEXT.replace('"v":1', '"v":1,"v":1')),
    encoding("a member twice, once escaped", TEXT.replace('"v":1', '"\\u0076":1,"v":1')),
    encoding("a number beyond 2^53 - 1", TEXT.replace(":7,", ":9007199254740992,")),
    encoding("half of a surrogate pair", TEXT.replace("node-1.a", "\\ud800")),
    encoding("too large", TEXT + " ".repeat(16_385 - TEXT.length)),
    { says: "not UTF-8", bytes: "7bff7d", code: "statement.encoding" },
    second("a newline behind it", `${TEXT}\n`),
    second("blank space between members", TEXT.replaceAll(",", ", ")),
    second("members in another order", JSON.stringify(MEMBER)),
    second("an escape without need", TEXT.replace("serve", "\\u0073erve")),
    second("a number with a fraction of zero", TEXT.replace(":7,", ":7.0,")),
  ];
}

/** Text of the member's statement with changes; undefined leaves one out. */
function changed(change: object, statement: Statement = MEMBER): string {
  const members = Object.entries({ ...statement, ...change });
  return JSON.stringify(Object.fromEntries(members.sort(([a], [b]) => a < b ? -1 : 1)));
}

function ofMembers(): readonly Refusal[] {
  const member = refusal("statement.member");
  const missing = Object.keys(MEMBER).map((name) =>
    member(`without ${name}`, changed({ [name]: undefined }))
  );
  const empty = ["purpose", "variant", "audience", "bootId", "tlsSpki", "hpkeKey", "phase"]
    .map((name) => member(`${name} is empty`, changed({ [name]: "" })));
  const shouted = ["audience", "clusterId", "manifestDigest", "bootId", "tlsSpki", "hpkeKey"]
    .map((name) => member(`${name} in capitals`, changed({ [name]: "AB".repeat(32) })));
  return [
    ...missing,
    ...empty,
    ...shouted,
    member("another version", changed({ v: 2 })),
    member("a member that is not known", changed({ x: "" })),
    member("null for a text", changed({ role: null })),
    member("a text for a number", changed({ manifestSequence: "7" })),
    member("a negative number", changed({ manifestSequence: -1 })),
    member("a fraction", changed({ manifestSequence: 7.5 })),
    member("a purpose that is not known", changed({ purpose: "attest" })),
    member("an id of 64 characters", changed({ variant: "a".repeat(64) })),
    member("an id with a slash", changed({ nodeName: "a/b" })),
    member("an id that begins with a dot", changed({ role: ".a" })),
    member("a digest of 31 bytes", changed({ logHead: "07".repeat(31) })),
    member("a key of 1025 bytes", changed({ tlsSpki: "30".repeat(1025) })),
    member("a list", "[]"),
  ];
}

function ofRules(): readonly Refusal[] {
  const contradiction = refusal("statement.inconsistent");
  const digest = "99".repeat(32);
  return [
    contradiction("a cluster in phase zero", changed({ clusterId: digest }, NEWCOMER)),
    contradiction("no cluster in phase cluster", changed({ clusterId: "" }, JOINER)),
    contradiction("no cluster in phase member", changed({ clusterId: "" })),
    contradiction("a member without role", changed({ role: "" })),
    contradiction("a member without name", changed({ nodeName: "" })),
    contradiction("a member without manifest", changed({ manifestDigest: "" })),
    contradiction("a member of no sequence", changed({ manifestSequence: 0 })),
    contradiction("a role before admission", changed({ role: "worker" }, JOINER)),
    contradiction("a name before admission", changed({ nodeName: "a" }, JOINER)),
    contradiction("a sequence before admission", changed({ manifestSequence: 1 }, JOINER)),
    contradiction("serve for a request", changed({ requestDigest: digest })),
    contradiction("a batch for another purpose", changed({ audience: "batch" }, JOINER)),
  ];
}
