/**
 * The TDX module: who signed it, how it is configured, and how old it is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine } from "../../../mod.ts";
import { type MintedTdx, signQuote } from "../../../src/lab/mod.ts";
import { assertRefused } from "../../result.ts";
import {
  assertBends,
  assertFiles,
  assertGood,
  bent,
  judge,
  mint,
  type Minting,
  tcbOf,
} from "../ask.ts";
import { edited } from "../../bends/bytes.ts";
import { overReal, realCase } from "../corpus.ts";
import { asPlain, inList, type Plain, plain, without } from "../documents.ts";
import { modules, svn, tcbInfo } from "../levels.ts";

/** A module with an identity of its own, and one without. */
const MODULES: readonly (readonly [string, Minting])[] = [
  ["version 1, quote 4", { version: 4 }],
  ["version 1, quote 5", { version: 5 }],
  ["version 0, quote 4", { version: 4, teeTcbSvn: svn(6, 0, 3) }],
  ["version 0, quote 5", { version: 5, teeTcbSvn: svn(6, 0, 3) }],
];

for (const [what, minting] of MODULES) {
  Deno.test(`TDX-05 a module of another signer is refused, whichever byte differs: ${what}`, async () => {
    assertGood(await judge(minting));
    for (const at of [0, 1, 23, 46, 47]) {
      const result = await judge({
        ...minting,
        bends: {
          body: (body) => ({ ...body, mrSignerSeam: edited(body.mrSignerSeam, at, () => 1) }),
        },
      });
      assertRefused(result, "tdx.module_mismatch");
    }
  });

  Deno.test(`TDX-05 SEAMATTRIBUTES are compared, bit by bit: ${what}`, async () => {
    const minted = await mint(minting);
    for (let bit = 0; bit < 64; bit++) {
      const quote = await signQuote(
        edited(minted.quote, seamAttributesOf(minted) + Math.floor(bit / 8), () => 1 << bit % 8),
        minted.keys,
      );
      await assertFiles(minted, { quote }, "tdx.module_mismatch", `bit ${bit}`);
    }
  });

  Deno.test(`TDX-05 attributes that Intel demands must be there: ${what}`, async () => {
    const demanded = { attributes: "0100000000000000" };
    const bends = tcbInfo((info) => ({
      ...info,
      tdxModule: { mrsigner: "00".repeat(48), attributesMask: "FF".repeat(8), ...demanded },
      tdxModuleIdentities: (info.tdxModuleIdentities ?? []).map((one) => ({ ...one, ...demanded })),
    }));
    assertRefused(await judge({ ...minting, bends }), "tdx.module_mismatch");
  });
}

/** Offset of SEAMATTRIBUTES: behind header, descriptor, TEE_TCB_SVN, MRSEAM and MRSIGNERSEAM. */
function seamAttributesOf({ quote }: MintedTdx): number {
  return 48 + (quote[0] === 5 ? 6 : 0) + 16 + 48 + 48;
}

Deno.test("TDX-05 a module with an identity of its own is measured by that, not by the common one", async () => {
  const signer = "11".repeat(48);
  const body = { mrSignerSeam: new Uint8Array(48).fill(0x11) };
  const common = tcbInfo((info) => ({
    ...info,
    tdxModule: { mrsigner: signer, attributes: "00".repeat(8), attributesMask: "FF".repeat(8) },
  }));
  assertGood(await judge(bent(common)));
  assertRefused(await judge(bent({ ...common, body })), "tdx.module_mismatch");
  const own = tcbInfo(modules({ id: "TDX_01", mrsigner: signer }));
  assertGood(await judge(bent({ ...own, body })));
  assertRefused(await judge(bent(own)), "tdx.module_mismatch");
});

Deno.test("TDX-05 a module without identity of its own is measured by the common one, not by another's", async () => {
  const teeTcbSvn = svn(6, 0, 3);
  const signer = "11".repeat(48);
  const body = { mrSignerSeam: new Uint8Array(48).fill(0x11) };
  const others = tcbInfo(
    modules({ id: "TDX_01", mrsigner: signer }, { id: "TDX_00", mrsigner: signer }),
  );
  assertRefused(await judge({ teeTcbSvn, bends: { ...others, body } }), "tdx.module_mismatch");
  assertGood(await judge({ teeTcbSvn, bends: others }));
  const common = tcbInfo((info) => ({
    ...info,
    tdxModule: { mrsigner: signer, attributes: "00".repeat(8), attributesMask: "FF".repeat(8) },
  }));
  assertGood(await judge({ teeTcbSvn, bends: { ...common, body } }));
  assertRefused(await judge({ teeTcbSvn, bends: common }), "tdx.module_mismatch");
});

Deno.test("TDX-05 a module of version 0 needs no list of identities, one of a later version does", async () => {
  const unlisted = asPlain("tcbInfo", (info) => without(info, "tdxModuleIdentities"));
  const empty = asPlain("tcbInfo", (info) => ({ ...info, tdxModuleIdentities: [] }));
  for (const bends of [unlisted, empty]) {
    const result = await judge({ teeTcbSvn: svn(6, 0, 3), bends });
    assertGood(result);
    assert.equal(tcbOf(result).module, null);
    assertRefused(await judge(bent(bends)), "tdx.module_unknown");
  }
});

Deno.test("TDX-05 the module's version is a number in hex, and an identity is of that version alone", async () => {
  const listing = (id: string, version: number): Minting => ({
    teeTcbSvn: svn(6, version, 3),
    bends: tcbInfo(modules({ id })),
  });
  const known: readonly (readonly [string, number])[] = [
    ["TDX_01", 1],
    ["TDX_0A", 10],
    ["TDX_10", 16],
    ["TDX_64", 100],
    ["TDX_FF", 255],
  ];
  for (const [id, version] of known) {
    const result = await judge(listing(id, version));
    assertGood(result, id);
    assert.equal(tcbOf(result).module?.id, id);
  }
  await assertBends(
    [["TDX_10", 10], ["TDX_16", 16], ["TDX_02", 1], ["TDX_01", 2], ["TDX_00", 1], ["TDX_FF", 1]]
      .map(([id, version]) => [
        `${id} for ${version}`,
        listing(String(id), Number(version)),
        "tdx.module_unknown",
      ]),
  );
});

Deno.test("TDX-05 identities of another form, or two of one name, are refused", async () => {
  await assertBends(
    ["TDX_1", "TDX_001", "TDX01", "TDX_0G", "TDX_", "_01", "01", "", " TDX_01", "TDX_01 ", "SGX_01"]
      .map((id) => [id, bent(tcbInfo(modules({ id }, { id: "TDX_01" }))), "tdx.tcb_info_format"]),
  );
  const twice = modules(
    { id: "TDX_01", levels: [[0, "UpToDate"]] },
    { id: "TDX_01", levels: [[0, "Revoked"]] },
  );
  await assertBends([["twice", bent(tcbInfo(twice)), "tdx.tcb_info_format"]]);
});

Deno.test("TDX-05 the level of the module is the first that its SVN reaches", async () => {
  const levels = [[8, "UpToDate"], [6, "OutOfDate"], [5, "UpToDate"], [2, "Revoked"]] as const;
  const expected: readonly (readonly [number, string])[] = [
    [255, "UpToDate"],
    [8, "UpToDate"],
    [7, "OutOfDate"],
    [6, "OutOfDate"],
    [5, "UpToDate"],
    [4, "tdx.tcb_revoked"],
    [2, "tdx.tcb_revoked"],
    [1, "tdx.module_level_not_found"],
    [0, "tdx.module_level_not_found"],
  ];
  for (const version of [4, 5]) {
    for (const [isvSvn, status] of expected) {
      const result = await judge({
        version,
        teeTcbSvn: svn(isvSvn, 1, 3),
        bends: tcbInfo(modules({ id: "TDX_01", levels })),
      });
      if (status.startsWith("tdx.")) assertRefused(result, status);
      else {
        const { module } = tcbOf(result);
        assert.deepEqual([module?.status, module?.isvSvn], [status, isvSvn]);
      }
    }
  }
});

Deno.test("TDX-05 no member of a module may be missing, null or unknown: nothing goes unchecked", async () => {
  const info = plain(plain(JSON.parse((await mint()).tcbInfo))["tcbInfo"]);
  const members = Object.keys(plain(info["tdxModule"]));
  assert.deepEqual(members, ["mrsigner", "attributes", "attributesMask"]);
  const refused = (what: string, change: (whole: Plain) => unknown) =>
    [what, bent(asPlain("tcbInfo", change)), "tdx.tcb_info_format"] as const;
  const ofModule = (change: (module: Plain) => unknown) => (whole: Plain) => ({
    ...whole,
    tdxModule: change(plain(whole["tdxModule"])),
  });
  const ofIdentities = (change: (module: Plain) => unknown) => (whole: Plain) =>
    inList(whole, "tdxModuleIdentities", change);
  await assertBends([
    refused("no tdxModule", (whole) => without(whole, "tdxModule")),
    refused("tdxModule null", (whole) => ({ ...whole, tdxModule: null })),
    refused("identities null", (whole) => ({ ...whole, tdxModuleIdentities: null })),
    refused("identities as an object", (whole) => ({ ...whole, tdxModuleIdentities: {} })),
    ...members.flatMap((member) => [
      refused(`tdxModule without ${member}`, ofModule((one) => without(one, member))),
      refused(`identity without ${member}`, ofIdentities((one) => without(one, member))),
      refused(`identity with ${member} null`, ofIdentities((one) => ({ ...one, [member]: null }))),
      refused(`identity with ${member} cut`, ofIdentities((one) => ({ ...one, [member]: "00" }))),
    ]),
    refused("identity without levels", ofIdentities((one) => without(one, "tcbLevels"))),
    refused("identity with no level", ofIdentities((one) => ({ ...one, tcbLevels: [] }))),
    refused("tdxModule with mrseam", ofModule((one) => ({ ...one, mrseam: "00" }))),
    refused("identity with mrseam", ofIdentities((one) => ({ ...one, mrseam: "00" }))),
  ]);
});

Deno.test("TDX-05 the module's digest can be pinned, and then decides", async () => {
  const minted = await mint();
  const body = { mrSeam: new Uint8Array(48).fill(0x22) };
  const section = { mrSeam: ["22".repeat(48)] };
  assertGood(await judge(bent({ body }), { section }));
  const result = await judge({ keys: minted.keys }, { section });
  assertRefused(result, "tdx.mr_seam_mismatch");
});

Deno.test({
  ...overReal("TDX-05 real quotes name their module, of version 0 none"),
  fn: async () => {
    const names = {
      "tdx/v4-dcapqvl-b0c06f": 6,
      "tdx/v5-alibaba-90c06f": 5,
      "tdx/v5-google-90c06f": 11,
    };
    for (const [name, isvSvn] of Object.entries(names)) {
      const { files, now } = realCase(name);
      const expect = { freshness: "none" } as const;
      const result = await examine({ variant: "tdx", evidence: files, expect, now });
      const { module } = tcbOf(result);
      assert.deepEqual([module?.id, module?.isvSvn, module?.status], [
        "TDX_01",
        isvSvn,
        "UpToDate",
      ]);
    }
  },
});
