import assert from "node:assert/strict";
import { technologies } from "../evidence/registry.ts";
import { mustBePinned, rootsNeededBy } from "../evidence/variants/demands.ts";
import { draftPolicy } from "./draft.ts";
import { demandsOf } from "./needs.ts";
import { lintPolicy } from "./lint.ts";
import { parsePolicyText } from "./parse.ts";
import { readPolicy } from "./policy.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

const lint = (document: object) => lintPolicy({ version: 1, ...document }, technologies, NOW);
const short = (document: object) =>
  lint(document).map(({ level, code, key }) => `${level} ${code} ${key}`);

Deno.test("lintPolicy() has nothing to say of the strict defaults", () => {
  assert.deepEqual(lint({}), []);
});

Deno.test("lintPolicy() tells all errors, each with code and key", () => {
  const document = {
    allowLabb: true,
    acceptRoots: ["amd", "lab"],
    "sev-snp": { debgu: "allow", vmpl: [], migration: { value: "allow", untill: "2027-01-31" } },
    "azure-sev-snp": { tee: { debug: 1 }, vtpm: { whatRuns: [4, 16] } },
  };

  assert.deepEqual(short(document), [
    "error policy.unknown_key allowLabb",
    "error policy.value acceptRoots[1]",
    "error policy.unknown_key sev-snp.debgu",
    "error policy.value sev-snp.vmpl",
    "error policy.unknown_key sev-snp.migration.untill",
    "error policy.value azure-sev-snp.tee.debug",
    "error policy.value azure-sev-snp.vtpm.whatRuns",
  ]);
  assert.match(lint(document)[2]?.says ?? "", /did you mean "debug"/);
  assert.deepEqual(lintPolicy({}, technologies, NOW).map(({ code }) => code), ["policy.version"]);
  assert.deepEqual(lintPolicy(7, technologies, NOW).map(({ code, key }) => [code, key]), [
    ["policy.value", ""],
  ]);
});

Deno.test("lintPolicy() wants an end for what is weaker than the default", () => {
  const debug = (value: unknown) =>
    short({ "sev-snp": { measurements: ["ab".repeat(48)], debug: value } });
  const form = (until: string) => debug({ value: "allow", until });

  assert.deepEqual(debug("allow"), ["warning no-end sev-snp.debug"]);
  assert.deepEqual(debug({ value: "allow", because: "so" }), ["warning no-end sev-snp.debug"]);
  assert.deepEqual(form("2026-11-20"), ["warning ended sev-snp.debug"]);
  assert.deepEqual(form("2026-11-30"), ["note ends-soon sev-snp.debug"]);
  assert.deepEqual(form("2027-03-31"), ["note weaker sev-snp.debug"]);
  assert.deepEqual(form("2029-03-31"), ["note ends-late sev-snp.debug"]);
  assert.deepEqual(debug({ value: "forbid", until: "2027-03-31" }), [
    "warning idle-end sev-snp.debug",
  ]);
  assert.deepEqual(short({ acceptCompromised: { milan: "2026-01-31" } }), [
    "warning ended acceptCompromised",
  ]);
});

Deno.test("lintPolicy() sees what demands nothing, stands twice or contradicts itself", () => {
  const measurements = ["ab".repeat(48)];
  const chip = "cd".repeat(64);
  const section = (keys: object) => short({ "sev-snp": { measurements, ...keys } });

  assert.deepEqual(section({ minimumGuestSvn: 0 }), [
    "warning demands-nothing sev-snp.minimumGuestSvn",
  ]);
  assert.deepEqual(section({ minimumTcb: { genoa: { reported: { snp: 0, microcode: 3 } } } }), [
    "warning demands-nothing sev-snp.minimumTcb",
  ]);
  assert.deepEqual(section({ minimumTcb: { genoa: { reported: { snp: 1 } } } }), []);
  assert.deepEqual(section({ denyChips: [chip, chip] }), ["warning twice sev-snp.denyChips"]);
  assert.deepEqual(section({ allowChips: [chip], denyChips: [chip] }), [
    "warning contradiction sev-snp.allowChips",
  ]);
});

Deno.test("lintPolicy() sees variants, roots and sections that do not fit together", () => {
  const admitting = (id: string, rest: object) =>
    short({ admitVariants: [id], [id]: pinning(id), ...rest });
  const pinning = (id: string) =>
    id === "sev-snp" ? { measurements: ["ab".repeat(48)] } : {
      vtpm: { registers: { sha256: { 4: ["ab".repeat(32)] } } },
    };

  assert.deepEqual(admitting("sev-snp", {}), []);
  assert.deepEqual(admitting("azure-sev-snp", {}), ["warning root-missing acceptRoots"]);
  assert.deepEqual(admitting("azure-sev-snp", { acceptRoots: ["amd", "paravisor"] }), [
    "note needed acceptRoots",
  ]);
  assert.deepEqual(
    admitting("azure-sev-snp", { acceptRoots: ["amd", "paravisor", "provider"] }),
    ["warning root-unneeded acceptRoots", "warning no-end acceptRoots"],
  );
  assert.deepEqual(admitting("sev-snp", { tdx: { debug: "forbid" } }), ["warning unreachable tdx"]);
  assert.deepEqual(
    admitting("gcp-sev-es", {
      acceptRoots: ["provider"],
      acceptCompromised: { milan: "2027-03-31" },
    }),
    [
      "warning risk-unneeded acceptCompromised",
      "note needed acceptRoots",
      "note weaker acceptCompromised",
    ],
  );
  assert.deepEqual(short({ admitVariants: ["tdx"] }), ["note pins-nothing tdx"]);
});

Deno.test("draftPolicy() writes for each variant a policy that lacks nothing but what runs", () => {
  let drafts = 0;
  for (const technology of technologies) {
    const { id, facts } = technology;
    const { roots, pinned } = demandsOf(technology);
    if (facts !== undefined) {
      assert.deepEqual({ roots, pinned }, {
        roots: rootsNeededBy(facts),
        pinned: mustBePinned(facts),
      });
    }
    const text = draftPolicy(technology);
    const value = parsePolicyText(new TextEncoder().encode(text), id);
    const { admitVariants, acceptRoots } = readPolicy(value, technologies, id, NOW);

    assert.deepEqual(admitVariants, [id]);
    for (const root of roots) assert.ok(acceptRoots.includes(root), `${id} accepts ${root}`);
    const codes = lintPolicy(value, technologies, NOW).map(({ code }) => code);
    assert.deepEqual(codes.filter((code) => code !== "needed"), ["pins-nothing"], id);
    for (const key of [...facts?.policyKeys ?? [], ...technology.references]) {
      const name = key.split(".").at(-1) ?? key;
      assert.match(text, new RegExp(`^# +${name}: …$`, "m"), `${id} names ${key}`);
    }
    for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
    drafts++;
  }
  assert.equal(drafts, technologies.length);
});
