/**
 * Configurations: what is generated can be read, each mistake has its code and
 * its line, and what is read comes out in the manifest.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import { parse } from "yaml";
import {
  checkConfig,
  configSchema,
  draftConfig,
  explainConfig,
  intentOfConfig,
  parseConfig,
  type Problem,
  type Provider,
  PROVIDERS,
  type ReadConfig,
} from "../../src/cluster/config/mod.ts";
import { configDecoder, NAMED_MAPS } from "../../src/cluster/config/form.ts";
import { MEANINGS, starred } from "../../src/cluster/config/meanings.ts";
import { keyPem } from "../../src/core/signing_key.ts";
import { type Decoder, joinPath } from "../../src/core/decode.ts";
import { firstManifest } from "../../src/manifest/create.ts";
import { rootsOf } from "../../src/policy/needs.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { CUSTODIANS, DIGEST, NOW, OTHER, OWNER, RANDOM, TIMES } from "../manifest/owner.ts";

/** What only the user can know, by provider. */
const FILLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws: {
    account: "123456789012",
    identityCertificate: "-----BEGIN CERTIFICATE-----\\nMIIC\\n-----END CERTIFICATE-----\\n",
  },
  azure: {
    subscription: "0e61a9b3-5c1f-4d0c-9f0e-2f5d0a4c7b11",
    tenant: "0e61a9b3-5c1f-4d0c-9f0e-2f5d0a4c7b12",
  },
  gcp: { project: "my-project" },
  openstack: { cloud: "mine", floatingNetwork: "public", machine: "m1.large" },
  stackit: { project: "0e61a9b3-5c1f-4d0c-9f0e-2f5d0a4c7b13" },
};

function draft(provider: Provider, variant: string = provider.variants[0]): string {
  return draftConfig(provider, { name: "demo", variant, kubernetes: "1.34.2", image: "" });
}

/** A draft with what is left open filled in, as a person would. */
function filled(id: string, variant?: string): string {
  const provider = PROVIDERS.find((one) => one.id === id);
  assert.ok(provider !== undefined);
  return Object.entries({ image: "1.4.0", ...FILLED[id] }).reduce(
    (text, [key, value]) => text.replaceAll(`${key}: ""`, `${key}: "${value}"`),
    draft(provider, variant),
  );
}

function check(text: string) {
  return checkConfig(parseConfig(new TextEncoder().encode(text), "c.yaml"), NOW);
}

function read(text: string): ReadConfig {
  const checked = check(text);
  assert.ok(checked.read !== null, JSON.stringify(checked.problems, null, 1));
  return checked.read;
}

function codes(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code }) => code);
}

/** Everything that a configuration says can be signed. */
async function manifestOf(text: string) {
  const one = read(text);
  const variants = [...new Set(Object.values(one.config.nodeGroups).map(({ variant }) => variant))];
  const images = variants.map((variant) => ({
    variant: variant ?? one.config.attestation.variant,
    version: one.config.image,
    reference: DIGEST,
  }));
  const labRoots = one.provider.id === "lab" ? ["ab".repeat(32)] : [];
  const intent = await intentOfConfig(one, { images, labRoots });
  return firstManifest(intent, { owner: OWNER.publicKey, random: RANDOM, ...TIMES });
}

const all = PROVIDERS.flatMap(({ id, variants }) => variants.map((variant) => [id, variant]));

Deno.test("what is generated leaves open what only its owner knows, and nothing else", () => {
  for (const provider of PROVIDERS) {
    for (const variant of provider.variants) {
      const { problems } = check(draft(provider, variant));
      assert.deepEqual([...new Set(codes(problems))], ["config.unfilled"], provider.id);
      const open = problems.map(({ key }) => key.split(".").at(-1)).sort();
      const wanted = Object.keys(FILLED[provider.id] ?? {});
      assert.deepEqual([...new Set(open)].sort(), [...wanted, "image"].sort());
    }
  }
});

Deno.test("what is generated and filled in has no error, and comes out in a manifest", async () => {
  for (const [id = "", variant = ""] of all) {
    const text = filled(id, variant);
    const errors = check(text).problems.filter(({ level }) => level === "error");
    assert.deepEqual(errors, [], `${id} ${variant}`);
    const { groups, policy, labRoots } = await manifestOf(text);
    assert.deepEqual(policy["admitVariants"], [variant]);
    assert.equal(labRoots !== null, id === "lab");
    assert.deepEqual(groups.map(({ name }) => name), ["control-plane", "worker"]);
    const technology = technologies.find((one) => one.id === variant);
    const account = technology?.accountKey === undefined
      ? ""
      : id === "lab"
      ? "casemate-lab"
      : FILLED[id]?.["account"] ?? FILLED[id]?.["project"];
    assert.ok(groups.every((group) => group.account === account && group.variant === variant));
  }
});

Deno.test("an account that nothing could prove is an error, however the section is left out", () => {
  for (const variant of ["aws-sev-snp", "aws-nitro-tpm"]) {
    const text = filled("aws", variant);
    const certificate = /\n {4}identityCertificate: .*/;
    assert.match(text, certificate);
    const section = new RegExp(`\\n {2}${variant}:(?:\\n {4}.*)+`);
    const manners = [
      text.replace(section, ""),
      text.replace(certificate, "\n    regions: [eu-west-1]"),
      text.replace(certificate, "\n    identityCertificate: null"),
    ];
    for (const without of manners) {
      const { problems } = check(without);
      assert.deepEqual(
        problems.map(({ code, key }) => [code, key]),
        [["config.unfilled", `attestation.${variant}.identityCertificate`]],
      );
    }
  }
});

Deno.test("every weaker root stands in the file as a line, with what it costs", () => {
  const wanted: Readonly<Record<string, string>> = {
    "azure-sev-snp": "acceptRoots: [amd, paravisor]",
    "azure-tdx": "acceptRoots: [intel, paravisor]",
    "aws-sev-snp": "acceptRoots: [amd, provider]",
    "gcp-sev-snp": "acceptRoots: [amd, provider]",
    "gcp-tdx": "acceptRoots: [intel]",
    "openstack": "acceptRoots: [none]",
  };
  for (const [id = "", variant = ""] of all) {
    const text = filled(id, variant);
    const line = wanted[variant];
    if (line !== undefined) assert.ok(text.includes(`\n  ${line}\n`), variant);
    const technology = technologies.find((one) => one.id === variant);
    assert.ok(technology !== undefined);
    const weaker = rootsOf(technology).filter((root) => root !== "amd" && root !== "intel");
    for (const root of weaker) assert.ok(text.includes(`# WEAKER: ${root} – `), variant);
    assert.equal(text.includes("WEAKER: "), weaker.length > 0, variant);
  }
});

Deno.test("a compromised product line is never accepted by a generated file, and is warned of", () => {
  for (const id of ["aws", "gcp"]) {
    const text = filled(id);
    assert.ok(text.includes("# acceptCompromised: { milan: "));
    assert.ok(codes(check(text).problems).includes("milan"), id);
    const accepted = text.replace("  # acceptCompromised", "  acceptCompromised");
    assert.ok(!codes(check(accepted).problems).includes("milan"), id);
    assert.deepEqual(read(accepted).policy.read.acceptCompromised, { milan: "2027-06-30" });
  }
  assert.ok(!codes(check(filled("azure")).problems).includes("milan"));
  assert.ok(!filled("azure").includes("acceptCompromised"));
});

/** What is changed in a good file, and what is told of it: code, key, line of the text. */
const MISTAKES: readonly (readonly [string, string, string, string])[] = [
  ["version: 1", "version: 2", "config.version", "version"],
  ["name: demo", "name: Demo", "config.value", "name"],
  ["name: demo", "name: demo\nnaem: x", "config.unknown_key", "naem"],
  ["kubernetes: 1.34.2", "kubernetes: 1.34", "config.value", "kubernetes"],
  ["kubernetes: 1.34.2\n", "", "config.unfilled", "kubernetes"],
  ["project: my-project", "projct: my-project", "config.unknown_key", "provider.gcp.projct"],
  [
    "  gcp:",
    '  azure: {subscription: "", tenant: "", location: x, resourceGroup: y}\n  gcp:',
    "config.provider",
    "provider",
  ],
  ["variant: gcp-sev-snp", "variant: gcp-sev-spn", "config.value", "attestation.variant"],
  ["variant: gcp-sev-snp", "variant: azure-tdx", "config.variant", "attestation.variant"],
  ["acceptRoots: [amd, provider]", "acceptRoots: [amd]", "config.roots", "attestation.acceptRoots"],
  [
    "acceptRoots: [amd, provider]",
    "acceptRoots: [lab]",
    "config.value",
    "attestation.acceptRoots[0]",
  ],
  [
    "acceptRoots: [amd, provider]",
    "acceptRoots: [amd, provider]\n  admitVariants: [tdx]",
    "config.unknown_key",
    "attestation.admitVariants",
  ],
  ["    min: 3", "    min: 4", "config.groups", "nodeGroups.control-plane.min"],
  ["    role: control-plane", "    role: worker", "config.groups", "nodeGroups"],
  ["  worker:", "  Worker:", "config.value", "nodeGroups.Worker"],
  ["    max: 10", "    max: 10\n    mx: 1", "config.unknown_key", "nodeGroups.worker.mx"],
  ["    max: 10", "    max: -1", "config.value", "nodeGroups.worker.max"],
  ["    max: 10", "    max: 5000", "config.network", "network.pods"],
  ["pods: 10.244.0.0/16", "pods: 10.100.0.0/16", "config.network", "network.services"],
  ["pods: 10.244.0.0/16", "pods: 10.244.0.1/16", "config.value", "network.pods"],
  ["pods: 10.244.0.0/16", "pods: 10.244.0.0/33", "config.value", "network.pods"],
  ["nodes: 192.168.176.0/20", "nodes: 192.168.176.0/28", "config.network", "network.nodes"],
  ["services: 10.96.0.0/12", "services: 10.96.0.0/26", "config.network", "network.services"],
  ["fileSystem: ext4", "fileSystem: zfs", "config.value", "storageClasses.encrypted.fileSystem"],
  ["validDays: 365", "validDays: 0", "config.value", "validDays"],
];

Deno.test("each mistake has its code and its key, and stands at its line", () => {
  const good = filled("gcp").replace('"my-project"', "my-project");
  for (const [before, after, code, key] of MISTAKES) {
    const text = good.replace(before, after);
    assert.notEqual(text, good, before);
    const checked = check(text);
    const found = checked.problems.find((one) => one.code === code && one.key === key);
    assert.ok(found !== undefined, `${after}: ${JSON.stringify(checked.problems, null, 1)}`);
    assert.equal(found.level, "error");
    assert.equal(checked.read, null);
    const line = text.split("\n")[found.line - 1] ?? "";
    const last = key.replace("[0]", "").split(".").at(-1) ?? "";
    const there = after !== "";
    if (there) assert.ok(line.includes(`${last}:`), `${key} at line ${found.line}: ${line}`);
  }
});

Deno.test("all mistakes are told at once, by line", () => {
  const good = filled("gcp");
  const text = good.replace("name: demo", "name: Demo").replace("max: 10", "max: x")
    .replace("validDays: 365", "validDay: 365").replace("image: ", "imag: ");
  const { problems } = check(text);
  assert.deepEqual(problems.map(({ key }) => key).sort(), [
    "imag",
    "image",
    "name",
    "nodeGroups.worker.max",
    "validDay",
  ]);
  const lines = problems.map(({ line }) => line);
  assert.deepEqual(lines, [...lines].sort((a, b) => a - b));
  const near = problems.find(({ key }) => key === "validDay");
  assert.match(near?.says ?? "", /did you mean "validDays"\?/);
});

Deno.test("a misspelt word is told with the nearest, and a configuration without groups as that", () => {
  const good = filled("gcp");
  const typos: readonly (readonly [string, string, string])[] = [
    ["role: worker", "role: workers", "worker"],
    ["variant: gcp-sev-snp", "variant: gcp-sevsnp", "gcp-sev-snp"],
    ["[amd, provider]", "[amd, provide]", "provider"],
    ["fileSystem: ext4", "fileSystem: ext", "ext4"],
  ];
  for (const [before, after, meant] of typos) {
    const [problem] = check(good.replace(before, after)).problems;
    assert.equal(problem?.code, "config.value");
    assert.ok(problem.says.endsWith(`; did you mean "${meant}"?`), problem.says);
  }
  const [far] = check(good.replace("role: worker", "role: pony")).problems;
  assert.ok(!far?.says.includes("did you mean"));
  const none = check(good.replace(/nodeGroups:(?:\n {2}.*)+/, "nodeGroups: {}"));
  assert.deepEqual(none.problems.map(({ code, key }) => [code, key]), [[
    "config.groups",
    "nodeGroups",
  ]]);
});

/** What is right in form, and what is said of it. */
const REMARKS: readonly (readonly [string, string, string, string])[] = [
  ["    min: 3\n    max: 3", "    min: 2\n    max: 3", "even-control-planes", "warning"],
  ["    min: 3\n    max: 3", "    min: 1\n    max: 3", "one-control-plane", "note"],
  ["    min: 3\n    max: 3", "    min: 3\n    max: 9", "many-control-planes", "warning"],
  ["    min: 3\n    max: 3", "    min: 3\n    max: 4", "role-by-launch", "note"],
  ["machine: n2d-standard-4", "machine: e2-micro", "machine-unknown", "warning"],
  ["services: 10.96.0.0/12", "services: 8.8.0.0/16", "public-range", "warning"],
  ["integrity: true", "integrity: false", "no-integrity", "warning"],
  ["validDays: 365", "validDays: 3650", "long-lived", "warning"],
  ["validDays: 365", "validDays: 7", "short-lived", "note"],
  ["validDays: 365", "validDays: 365", "no-custodians", "note"],
];

Deno.test("where no evidence tells a worker from a control plane, that is told", () => {
  const roles = (text: string) =>
    codes(check(text).problems).filter((code) => code.startsWith("role-"));
  assert.deepEqual(roles(filled("gcp")), [], "no room, and a register that holds the phase");
  const room = ["    min: 3\n    max: 3", "    min: 3\n    max: 5"] as const;
  assert.deepEqual(roles(filled("gcp").replace(...room)), ["role-by-launch"]);
  const apart = ["    role: worker\n", "    role: worker\n    variant: gcp-tdx\n"] as const;
  assert.deepEqual(roles(filled("gcp").replace(...room).replace(...apart)), []);
  const [one] = check(filled("qemu", "sev-snp")).problems.filter(({ code }) =>
    code.startsWith("role-")
  );
  assert.deepEqual([one?.code, one?.level, one?.key], [
    "role-unmeasured",
    "warning",
    "nodeGroups.control-plane.role",
  ]);
});

Deno.test("what is hardly meant so is told, and is no error", () => {
  const good = filled("gcp");
  for (const [before, after, code, level] of REMARKS) {
    assert.ok(good.includes(before), before);
    const checked = check(good.replace(before, after));
    const found = checked.problems.find((one) => one.code === code);
    assert.equal(found?.level, level, `${code}: ${JSON.stringify(checked.problems)}`);
    assert.ok(checked.read !== null);
  }
  assert.ok(codes(check(filled("gcp", "gcp-tdx")).problems).includes("no-account"));
  assert.ok(!codes(check(good).problems).includes("no-account"));
});

Deno.test("custodians are keys of P-384, different ones, and enough of them", async () => {
  const pem = (at: number) => {
    const key = [...CUSTODIANS, OTHER][at]?.publicKey.spki ?? new Uint8Array();
    return keyPem("PUBLIC KEY", key).trimEnd().replaceAll("\n", "\n      ");
  };
  const custodians = (threshold: number, ...keys: readonly number[]) =>
    filled("lab") + `custodians:\n  threshold: ${threshold}\n  keys:\n` +
    keys.map((at) => `    - |\n      ${pem(at)}\n`).join("");
  const manifest = await manifestOf(custodians(2, 0, 1, 2));
  assert.equal(manifest.custodians?.threshold, 2);
  assert.equal(manifest.custodians?.keys.length, 3);
  for (const text of [custodians(3, 0, 1), custodians(2, 0, 0)]) {
    assert.deepEqual(codes(check(text).problems), ["config.custodians"]);
  }
  assert.ok(codes(check(custodians(1, 0, 1)).problems).includes("one-custodian"));
  const { publicKey } = await (await import("../../src/core/signing_key.ts"))
    .generateSigningKey("P-256");
  const text = custodians(2, 0, 1, 2).replace(
    pem(1),
    keyPem("PUBLIC KEY", publicKey.spki).trimEnd().replaceAll("\n", "\n      "),
  );
  await assert.rejects(manifestOf(text), { code: "config.custodians" });
});

Deno.test("a lab's roots make a lab's cluster, and only of the lab", async () => {
  const terms = { images: [{ variant: "gcp-sev-snp", version: "1", reference: DIGEST }] };
  const asked = (id: string, labRoots: readonly string[]) =>
    intentOfConfig(read(filled(id)), { ...terms, labRoots });
  await assert.rejects(asked("lab", []), { code: "config.provider" });
  await assert.rejects(asked("gcp", [DIGEST]), { code: "config.provider" });
  assert.deepEqual((await asked("lab", [DIGEST])).labRoots, [DIGEST]);
});

Deno.test("exceptions of the policy go into the manifest with end and reason", async () => {
  const text = filled("gcp").replace(
    "acceptRoots: [amd, provider]",
    "acceptRoots: { value: [amd, provider], until: 2027-01-31, because: until TDX is there }",
  );
  const { policy } = await manifestOf(text);
  assert.deepEqual(policy["acceptRoots"], {
    value: ["amd", "provider"],
    until: "2027-01-31",
    because: "until TDX is there",
  });
  const later = checkConfig(
    parseConfig(new TextEncoder().encode(text), "c.yaml"),
    new Date("2027-03-01T00:00:00Z"),
  );
  assert.ok(codes(later.problems).includes("config.roots"), "the default does not do");
});

Deno.test("parseConfig() refuses what YAML could read in two ways, with its line", () => {
  const cases = [
    "name: a\nname: b\n",
    "a: &x 1\nb: *x\n",
    "a: !!binary aaaa\n",
    "a: [1\n",
    "---\na: 1\n---\nb: 2\n",
  ];
  for (const text of cases) {
    assert.throws(() => check(text), { code: "config.syntax" }, text);
  }
  const places: readonly (readonly [string, RegExp])[] = [
    ["a: 1\nb: [1\n", /at line [23]/],
    ["a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", /at line 5, column 3: "c" stands twice in one map$/],
    ["a: 1\n---\nb: 1\n", /at line 2, column 1: a second document begins, and only one is read$/],
    ["a:\n\tb: 1\n", /at line 2, /],
  ];
  for (const [text, where] of places) {
    assert.throws(() => check(text), (error: unknown) => {
      assert.ok(error instanceof Error && "fields" in error);
      assert.match(error.message, /^Cannot read configuration c\.yaml: at line /);
      assert.match(error.message, where);
      return true;
    });
  }
});

Deno.test("the schema for editors takes what the program takes, and refuses mistakes of form", () => {
  const schema: Schema = JSON.parse(JSON.stringify(configSchema()));
  const validator = new Validator(schema, "2020-12", false);
  for (const [id = "", variant = ""] of all) {
    const { valid, errors } = validator.validate(parse(filled(id, variant)));
    assert.ok(valid, `${id}: ${JSON.stringify(errors.slice(0, 3))}`);
  }
  const good = filled("gcp").replace('"my-project"', "my-project");
  const ofForm = ["config.value", "config.unknown_key", "config.version", "config.provider"];
  // That bits stand behind a prefix, and that a map is misspelt, is beyond a pattern.
  const beyond = ["10.244.0.1/16"];
  for (const [before, after, code] of MISTAKES) {
    if (!ofForm.includes(code) || beyond.some((part) => after.includes(part))) continue;
    const { valid } = validator.validate(parse(good.replace(before, after)));
    assert.ok(!valid, after);
  }
});

/** All keys that a configuration can have, with `*` for names of the user's own; those of the policy are told by it. */
function keysIn({ keys = {} }: Decoder<unknown>, path: string): readonly string[] {
  return Object.entries(keys).flatMap(([name, { decoder }]) => {
    const here = joinPath(path, name);
    const map = NAMED_MAPS[name];
    if (here === "attestation") return [here, `${here}.variant`];
    if (here === "provider") return [here];
    if (map !== undefined && name !== "witnesses") return [here, ...keysIn(map.item, `${here}.*`)];
    return decoder.keys === undefined || Object.keys(decoder.keys).length === 0
      ? [here]
      : [here, ...keysIn(decoder, here)];
  });
}

Deno.test("there is a word about what follows from every key", () => {
  const keys = keysIn(configDecoder({}), "");
  assert.ok(keys.length > 25);
  for (const key of keys) assert.ok(MEANINGS[starred(key)] !== undefined, key);
  const known = [...keys, "attestation.acceptRoots", "attestation.acceptCompromised"];
  for (const key of Object.keys(MEANINGS)) assert.ok(known.includes(key), `${key} is no key`);
});

Deno.test("explainConfig() tells what was written, what is a default, and what it costs", () => {
  const text = filled("gcp");
  const settings = explainConfig(read(text), parse(text), NOW);
  const of = (key: string) => settings.find((one) => one.key === key);
  assert.deepEqual([of("name")?.value, of("name")?.source], ["demo", "file"]);
  assert.equal(of("workloadPolicy")?.source, "default");
  assert.equal(of("nodeGroups.worker.max")?.value, 10);
  assert.match(of("attestation.acceptRoots")?.costs ?? "", /provider/);
  assert.equal(of("provider.gcp.project")?.value, "my-project");
  assert.ok(!settings.some(({ key }) => key.startsWith("provider.aws")));
  assert.equal(new Set(settings.map(({ key }) => key)).size, settings.length);
});
