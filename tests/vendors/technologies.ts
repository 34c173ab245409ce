/**
 * What evidence of every technology needs: of known services alone, and nothing
 * of an address that stands in the evidence.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CasemateError } from "../../mod.ts";
import { SERVICES } from "../../src/collateral/services.ts";
import type { CollateralContent, CollateralItem } from "../../src/evidence/collateral.ts";
import { itemOfKey } from "../../src/evidence/collateral_items.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { crlDistributionPoints, type Extension } from "../../src/lab/mod.ts";
import { ask } from "../contracts/question.ts";
import { networkOf } from "../fakes/vendor.ts";
import { mint as mintSnp } from "../snp/ask.ts";
import { mint as mintTdx } from "../tdx/ask.ts";
import { readVectors, type Vector } from "../vectors.ts";
import { codeOf, engine, itemsOf, obtain } from "./gather.ts";

/** Variants whose evidence rests on what AMD or Intel hands out. */
const NEEDY = [
  "sev-snp",
  "tdx",
  "gcp-tdx",
  "aws-sev-snp",
  "gcp-sev-snp",
  "azure-sev-snp",
  "azure-tdx",
];

/** Wrong bits that are tried in each answer. */
const FLIPS = 8;

/** Those that stand alone. */
const SINGLE = ["sev-snp", "tdx"];

/** Paths that this program ever asks for. */
const PATHS = [
  /^\/v[cl]ek\/v1\/(?:Milan|Genoa|Turin)\/(?:cert_chain|crl)$/,
  /^\/vcek\/v1\/(?:Milan|Genoa)\/[0-9a-f]{128}\?blSPL=\d+&teeSPL=\d+&snpSPL=\d+&ucodeSPL=\d+$/,
  /^\/vcek\/v1\/Turin\/[0-9a-f]{16}\?fmcSPL=\d+&blSPL=\d+&teeSPL=\d+&snpSPL=\d+&ucodeSPL=\d+$/,
  /^\/metadata\/THIM\/amd\/certification$/,
  /^\/tdx\/certification\/v4\/(?:tcb\?fmspc=[0-9a-f]{12}&|qe\/identity\?)update=standard$/,
  /^\/sgx\/certification\/v4\/(?:pckcrl\?ca=(?:platform|processor)&encoding=der|rootcacrl)$/,
  /^\/IntelSGXRootCA\.der$/,
];

/** An item, and all that is asked for its sake. */
function withOthers(item: CollateralItem): readonly CollateralItem[] {
  const others = [...item.needs ?? [], ...item.instead ?? []];
  return [item, ...others.flatMap(withOthers)];
}

function assertOrdinary(item: CollateralItem): void {
  const { key, path, service } = item;
  assert.ok(service in SERVICES, service);
  assert.ok(key.length <= 400 && /^[A-Za-z0-9/?=&._-]+$/.test(key), key);
  assert.ok(key.startsWith(`${service}/`), key);
  assert.ok(PATHS.some((one) => one.test(path)), path);
  assert.equal(itemOfKey(key)?.path, path);
}

for (const technology of technologies) {
  const good = (await readVectors(technology.id)).filter(({ code }) => code === null);

  Deno.test(`NET-01 ${technology.id}: nobody is asked but known services, whatever the evidence says`, async () => {
    const needed = [];
    for (const { files, labRoots } of good) {
      for (const onThisMachine of [false, true]) {
        const items = await itemsOf(technology, files, { onThisMachine });
        needed.push(...items);
        for (const one of items.flatMap(withOthers)) assertOrdinary(one);
        // A network on which nothing is: each address is tried, and written down.
        const http = networkOf({});
        for (const item of items) {
          assert.equal(await codeOf(obtain(item, { http, labRoots })), "collateral.unreachable");
        }
        const known = Object.values(SERVICES).map(({ base }) => base);
        assert.ok([...http.origins].every((origin) => known.includes(origin)));
      }
    }
    assert.equal(needed.length > 0, NEEDY.includes(technology.id));
  });

  if (!NEEDY.includes(technology.id)) continue;
  Deno.test(`${technology.id}: what evidence brings is read like an answer, and verifies like itself`, async () => {
    // Vectors of a pairing differ in what no vendor is asked for.
    for (const vector of SINGLE.includes(technology.id) ? good : good.slice(0, 1)) {
      const files = {
        ...vector.files,
        ...await readBrought(await itemsOf(technology, vector.files), vector),
      };
      const result = await ask(technology, { ...vector, files }, {});
      assert.equal(result.verdict, vector.verdict, `${vector.name}: ${result.code}`);
    }
  });
}

/** Reads what a vector brings of each item, what is needed for it first. */
async function readBrought(
  items: readonly CollateralItem[],
  { files, labRoots, now }: Vector,
): Promise<FilesByRole> {
  const read = async (item: CollateralItem): Promise<CollateralContent> => {
    const answer = item.brought?.(files) ?? null;
    assert.ok(answer, `the vector brings ${item.key}`);
    const needed = [];
    for (const need of item.needs ?? []) needed.push(await read(need));
    const content = await item.read(answer, { engine, now, labRoots, needed });
    assert.deepEqual(Object.keys(content.files).filter((role) => !item.roles.includes(role)), []);
    return content;
  };
  const contents = await Promise.all(items.map(read));
  return Object.assign({}, ...contents.map((content) => content.files));
}

Deno.test("NET-01 addresses in certificates of evidence are never asked", async () => {
  const evil = "http://127.0.0.1:1/evil";
  const pointed = (extensions: readonly Extension[]): readonly Extension[] => [
    ...extensions.filter(({ oid }) => oid !== crlDistributionPoints(evil).oid),
    crlDistributionPoints(evil),
  ];
  const snp = await mintSnp({
    bends: {
      leaf: (leaf) => ({ ...leaf, extensions: pointed(leaf.extensions) }),
      VCEK: (ask) => ({ ...ask, extensions: pointed(ask.extensions) }),
    },
  });
  const quote = await mintTdx({
    bends: {
      pck: (pck) => ({ ...pck, extensions: pointed(pck.extensions) }),
      ca: (ca) => ({ ...ca, extensions: pointed(ca.extensions) }),
    },
  });
  const items = [
    ...await itemsOf(sevSnp, {
      report: snp.report,
      leaf: snp.der.leaf,
      chainAskArk: new TextEncoder().encode(snp.chain),
    }),
    ...await itemsOf(tdx, { quote: quote.quote }),
  ];
  assert.equal(items.length, 7);
  for (const item of items.flatMap(withOthers)) {
    assertOrdinary(item);
    assert.ok(!JSON.stringify(item).includes("evil"), item.key);
  }
});

Deno.test("an answer with a wrong bit is refused, or says the same and no more", async () => {
  for (const technology of [sevSnp, tdx]) {
    const [vector] = (await readVectors(technology.id)).filter(({ code }) => code === null);
    assert.ok(vector);
    const { files, labRoots, now } = vector;
    for (const item of await itemsOf(technology, files)) {
      const answer = item.brought?.(files);
      assert.ok(answer);
      const needed = [];
      for (const need of item.needs ?? []) {
        const first = need.brought?.(files);
        assert.ok(first);
        needed.push(await need.read(first, { engine, now, labRoots, needed: [] }));
      }
      const context = { engine, now, labRoots, needed };
      const right = await item.read(answer, context);
      for (let i = 0; i < FLIPS; i++) {
        const body = answer.body.slice();
        const at = Math.floor(((i + 0.5) / FLIPS) * body.length);
        body[at] = (body[at] ?? 0) ^ (1 << (i % 8));
        const read = await orRefused(item.read({ ...answer, body }, context));
        if (read === null) continue;
        assert.deepEqual(
          { ...read, files: null },
          { ...right, files: null },
          `${item.key} at ${at}`,
        );
      }
    }
  }
});

/** Null where an answer is refused; any other error is a mistake of ours. */
async function orRefused(reading: Promise<CollateralContent>): Promise<CollateralContent | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CasemateError) return null;
    throw error;
  }
}
