import assert from "node:assert/strict";
import { fromHex } from "../../core/bytes.ts";
import { generateLabKey } from "../lab_key.ts";
import { EVIDENCE, noEvidence, readManifest } from "../real_test.ts";
import { createIntelAuthority } from "./authority.ts";
import {
  type EnclaveTcb,
  pcsTime,
  type PlatformTcb,
  type QeIdentity,
  type TcbInfo,
  type TcbLevel,
  writeDocument,
} from "./collateral.ts";
import { mintCollateral } from "./mint_collateral.ts";
import type { MintTdxOptions } from "./options.ts";
import { LEVEL_STATUSES } from "./platform.ts";

const NOW = new Date("2026-11-21T12:00:00.789Z");
const authority = await createIntelAuthority({ now: NOW });

/** What minted documents say. */
async function mint(
  options: Omit<MintTdxOptions, "now"> = {},
): Promise<{ readonly info: TcbInfo; readonly identity: QeIdentity }> {
  const { tcbInfo, qeIdentity } = await mintCollateral(authority, { now: NOW, ...options });
  return {
    info: JSON.parse(tcbInfo).tcbInfo,
    identity: JSON.parse(qeIdentity).enclaveIdentity,
  };
}

/** SVNs of the lab's platform, as its default quote and PCK certificate say them. */
const SGX_SVNS = [3, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0];
const TDX_SVNS = [6, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** Statuses in order of the platform's levels from the one that is reached on. */
function reachedBy(levels: readonly TcbLevel<PlatformTcb>[], sgx: readonly number[]): string[] {
  const enough = (of: readonly { readonly svn: number }[], has: readonly number[]): boolean =>
    of.length === 16 && of.every(({ svn }, i) => (has[i] ?? 0) >= svn);
  return levels.filter(({ tcb }) =>
    enough(tcb.sgxtcbcomponents, sgx) && tcb.pcesvn <= 13 &&
    enough(tcb.tdxtcbcomponents ?? [], TDX_SVNS)
  ).map(({ tcbStatus }) => tcbStatus);
}

function enclaveStatuses(levels: readonly TcbLevel<EnclaveTcb>[], svn: number): string[] {
  return levels.filter(({ tcb }) => tcb.isvsvn <= svn).map(({ tcbStatus }) => tcbStatus);
}

for (const status of LEVEL_STATUSES) {
  Deno.test(`mintCollateral() lets platform, module and quoting enclave reach ${status} first`, async () => {
    const { info, identity } = await mint({
      tcbStatus: status,
      moduleStatus: status,
      qeStatus: status,
    });
    const wanted = [status, "OutOfDate", "Revoked"];
    assert.deepEqual(reachedBy(info.tcbLevels, SGX_SVNS), wanted);
    const older = SGX_SVNS.map((svn) => Math.max(0, svn - 1));
    assert.deepEqual(reachedBy(info.tcbLevels, older), wanted.slice(1));
    const module = info.tdxModuleIdentities?.find(({ id }) => id === "TDX_01");
    assert.deepEqual(enclaveStatuses(module?.tcbLevels ?? [], 6), wanted);
    assert.deepEqual(enclaveStatuses(identity.tcbLevels, 6), wanted);
    const above = status === "UpToDate" ? 0 : 1;
    assert.equal(info.tcbLevels.length, 3 + above);
    assert.equal(identity.tcbLevels[0]?.tcbStatus, "UpToDate");
  });
}

Deno.test("mintCollateral() dates levels downwards, and lists the advisories of newer ones too", async () => {
  const { info } = await mint({ tcbStatus: "SWHardeningNeeded" });
  const dates = info.tcbLevels.map(({ tcbDate }) => tcbDate);
  assert.deepEqual(dates, dates.toSorted().reverse());
  assert.equal(new Set(dates).size, dates.length);
  assert.deepEqual(info.tcbLevels.map(({ advisoryIDs = [] }) => advisoryIDs.length), [0, 2, 3, 4]);
});

Deno.test("mintCollateral() speaks of the module that runs now, by version", async () => {
  const svn = (...svns: readonly number[]): Uint8Array =>
    Uint8Array.from({ length: 16 }, (_, i) => svns[i] ?? 0);
  const ids = async (options: Omit<MintTdxOptions, "now">): Promise<string[] | undefined> =>
    (await mint(options)).info.tdxModuleIdentities?.map(({ id }) => id);
  assert.deepEqual(await ids({ teeTcbSvn: svn(4, 0x1a) }), ["TDX_1C", "TDX_1A"]);
  assert.deepEqual(await ids({ teeTcbSvn: svn(4, 1), teeTcbSvn2: svn(6, 5) }), [
    "TDX_07",
    "TDX_05",
  ]);
  assert.deepEqual(await ids({ teeTcbSvn: svn(4, 0) }), ["TDX_02"]);
});

Deno.test("mintCollateral() writes documents that hold for thirty days, in whole seconds", async () => {
  const { info, identity } = await mint();
  for (const { issueDate, nextUpdate } of [info, identity]) {
    assert.equal(issueDate, "2026-11-21T12:00:00Z");
    assert.equal(nextUpdate, "2026-12-21T12:00:00Z");
  }
  assert.equal(pcsTime(NOW), "2026-11-21T12:00:00Z");
});

Deno.test("mintCollateral() bends what documents say before, and their text after they are signed", async () => {
  const options = {
    now: NOW,
    bends: {
      tcbInfo: { fmspc: "ffffffffffff" },
      qeIdentity: (identity: QeIdentity) => ({ ...identity, version: 3 }),
      tcbInfoText: (text: string) => text.replace('"version":3', '"version":4'),
      qeIdentityDocument: { signature: new Uint8Array(64).fill(0xab), member: "identity" },
    },
  };
  const { tcbInfo, qeIdentity } = await mintCollateral(authority, options);
  assert.match(tcbInfo, /^\{"tcbInfo":\{"id":"TDX","version":4,.*"fmspc":"ffffffffffff"/);
  assert.match(qeIdentity, /^\{"identity":\{"id":"TD_QE","version":3,.*,"signature":"(ab){64}"\}$/);
});

Deno.test("writeDocument() signs exactly the text that was given, whatever stands in it", async () => {
  const key = await generateLabKey("P-256");
  const text = '{ "id" : "TDX",\n"id":"SGX"}';
  const document = await writeDocument({ member: "tcbInfo", text, signWith: key });
  const signature = fromHex(document.slice(-130, -2));
  assert.equal(document.slice(0, -130), `{"tcbInfo":${text},"signature":"`);
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const open = await crypto.subtle.importKey("spki", key.spki, algorithm, false, ["verify"]);
  const method = { name: "ECDSA", hash: "SHA-256" };
  assert.ok(await crypto.subtle.verify(method, open, signature, new TextEncoder().encode(text)));
});

/** Paths and types of all members of a document. */
function shapeOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => shapeOf(item, `${path}[]`));
  if (typeof value !== "object" || value === null) return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([name, item]) => shapeOf(item, `${path}.${name}`));
}

interface DocumentCase {
  readonly kind: string;
  readonly files: Readonly<Record<"tcb_info" | "qe_identity", string>>;
}

/** Documents of Intel's by kind of quote; of QE identities only those of SGX have older levels. */
const real = await Promise.all(
  (await readManifest<DocumentCase>())
    .filter(({ kind }) => kind.startsWith("tdx-quote-") || kind.startsWith("sgx-quote-"))
    .map(async ({ kind, files }) => {
      const read = async (file: string): Promise<Document> =>
        JSON.parse(await Deno.readTextFile(new URL(file, EVIDENCE)));
      return {
        tee: kind.startsWith("tdx") ? "TDX" : "SGX",
        documents: [await read(files.tcb_info), await read(files.qe_identity)],
      };
    }),
);

type Document = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Names of the members of a document, and of what it holds. */
function namesOf(document: Document): string[] {
  const [held = {}] = Object.values(document);
  return [...Object.keys(document), ...Object.keys(held)];
}

for (const [tee, version] of [["TDX", 4], ["SGX", 3]] as const) {
  Deno.test({
    name:
      `mintCollateral() writes members of the names, types and order of Intel's documents for ${tee}`,
    ignore: noEvidence,
    fn: async () => {
      const { tcbInfo, qeIdentity } = await mintCollateral(authority, { now: NOW, version });
      const ours: readonly Document[] = [JSON.parse(tcbInfo), JSON.parse(qeIdentity)];
      const known = new Set(real.flatMap(({ documents }) => documents.flatMap((d) => shapeOf(d))));
      assert.deepEqual(ours.flatMap((d) => shapeOf(d)).filter((path) => !known.has(path)), []);
      const alike = real.filter((found) => found.tee === tee);
      assert.ok(alike.length > 0);
      for (const { documents } of alike) {
        const names = documents.map(namesOf);
        // The oldest real documents lack members that came later.
        const both = ours.map((d, i) => namesOf(d).filter((name) => names[i]?.includes(name)));
        assert.deepEqual(both, names);
      }
    },
  });
}
