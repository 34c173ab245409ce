import assert from "node:assert/strict";
import { UnavailableError } from "../../src/core/errors.ts";
import {
  describePlatform,
  detectVariant,
  type PlatformProbe,
  probePlatform,
  type TpmProbe,
} from "../../src/evidence/issuers.ts";
import { denoMachine } from "../../src/hosts/devices/machine.ts";
import { denoTsmFiles, type TsmFiles } from "../../src/hosts/devices/tsm_files.ts";
import { TIMER } from "./machines.ts";

/** A machine as a tree of folders. */
interface Tree {
  readonly vendor?: string;
  readonly product?: string;
  readonly tag?: string;
  /** Who answers configfs-tsm; null has the interface and nobody behind it. */
  readonly provider?: string | null;
  /** Files that are there, empty. */
  readonly there?: readonly string[];
  readonly tpm?: Partial<TpmProbe>;
}

const AMAZON: Tree = { vendor: "Amazon EC2", product: "m6a.large" };
const GOOGLE: Tree = { vendor: "Google", product: "Google Compute Engine" };
const AZURE: Tree = {
  vendor: "Microsoft Corporation",
  product: "Virtual Machine",
  tag: "7783-7084-3265-9085-8269-3286-77",
};
const GCE_KEY = { nv: [0x01c10002, 0x01c10003] };
const AZURE_KEY = { persistent: [0x81000003] };

async function probeOf(tree: Tree): Promise<PlatformProbe> {
  const root = await Deno.makeTempDir({ prefix: "casemate_machine_" });
  try {
    await plant(root, tree);
    const ports = { root, timer: TIMER, random: RANDOM, files: withProvider(tree.provider) };
    const { tpm } = tree;
    const probed = tpm === undefined ? null : { nv: [], persistent: [], paravisor: null, ...tpm };
    return await probePlatform(denoMachine(ports), probed);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

async function plant(root: string, { vendor, product, tag, provider, there = [] }: Tree) {
  const dmi = { sys_vendor: vendor, product_name: product, chassis_asset_tag: tag };
  for (const [name, text] of Object.entries(dmi)) {
    if (text !== undefined) await write(`${root}/sys/class/dmi/id/${name}`, `${text}\n`);
  }
  if (provider !== undefined) {
    await Deno.mkdir(`${root}/sys/kernel/config/tsm/report`, { recursive: true });
  }
  for (const path of there) await write(`${root}${path}`, "");
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}

/** What the kernel puts into a new folder of configfs, and what it says where no TEE is. */
function withProvider(provider: string | null | undefined): TsmFiles {
  return {
    ...denoTsmFiles,
    async makeFolder(path) {
      if (provider === null) throw Object.assign(new Error("(os error 6)"), { code: "ENXIO" });
      await denoTsmFiles.makeFolder(path);
      await Deno.writeTextFile(`${path}/provider`, `${provider}\n`);
    },
    removeFolder: (path) => Deno.remove(path, { recursive: true }),
  };
}

const VARIANTS: readonly (readonly [variant: string, tree: Tree])[] = [
  ["aws-sev-snp", { ...AMAZON, provider: "sev_guest", tpm: {} }],
  ["aws-nitro-tpm", { ...AMAZON, there: ["/dev/tpm0"] }],
  ["gcp-sev-snp", { ...GOOGLE, provider: "sev_guest", tpm: GCE_KEY }],
  ["gcp-sev-snp", { ...GOOGLE, there: ["/dev/sev-guest"], tpm: GCE_KEY }],
  ["gcp-tdx", { ...GOOGLE, provider: "tdx_guest", tpm: GCE_KEY }],
  ["gcp-sev-es", { ...GOOGLE, tpm: { nv: [0x01c10000, 0x01c10001] } }],
  ["azure-sev-snp", { ...AZURE, tpm: { ...AZURE_KEY, paravisor: "snp" } }],
  ["azure-tdx", { ...AZURE, tpm: { ...AZURE_KEY, paravisor: "tdx" } }],
  ["azure-trusted-launch", { ...AZURE, tpm: { ...AZURE_KEY, nv: [0x01c101d0] } }],
  ["openstack", { vendor: "OpenStack Foundation", product: "OpenStack Nova", tpm: {} }],
  ["qemu-vtpm", { vendor: "QEMU", tpm: {} }],
  ["sev-snp", { vendor: "QEMU", provider: "sev_guest" }],
  ["tdx", { vendor: "QEMU", provider: "tdx_guest" }],
  ["sev-snp", { vendor: "Supermicro", provider: "sev_guest", tpm: {} }],
  ["tdx", { provider: "tdx_guest" }],
];

for (const [variant, tree] of VARIANTS) {
  const name = `${tree.vendor ?? "no DMI"}, ${tree.provider ?? tree.there?.join() ?? "no TEE"}`;
  Deno.test(`detectVariant() takes ${name} for ${variant}`, async () => {
    const probe = await probeOf(tree);
    assert.equal(detectVariant(probe), variant);
    assert.deepEqual(describePlatform(probe).at(-1), { name: "Variant", value: variant });
  });
}

/** What it is, why it is none, what is told to be there, and to be missing. */
const NONE: readonly (readonly [string, Tree, code: string, present: RegExp, missing?: RegExp])[] =
  [
    [
      "SEV-SNP of Google's without TPM",
      { ...GOOGLE, provider: "sev_guest" },
      ...["device.platform_half"],
      /^Google Compute Engine, SEV-SNP/,
      /^a TPM and Google's attestation key/,
    ] as const,
    [
      "a TPM of Google's without its key",
      { ...GOOGLE, provider: "sev_guest", tpm: {} },
      ...["device.platform_half"],
      /SEV-SNP \(sev_guest\), a TPM$/,
      /^Google's attestation key/,
    ] as const,
    [
      "SEV-SNP of AWS without NitroTPM",
      { ...AMAZON, provider: "sev_guest" },
      ...["device.platform_half"],
      /^Amazon EC2, SEV-SNP/,
      /^a TPM$/,
    ] as const,
    [
      "a paravisor without its key",
      { ...AZURE, tpm: { paravisor: "snp" } },
      ...["device.platform_half"],
      /paravisor's report of SEV-SNP/,
      /^Azure's attestation key/,
    ] as const,
    [
      "the driver of SEV-SNP without any interface",
      { ...GOOGLE, provider: null, there: ["/sys/module/sev_guest/refcnt"], tpm: GCE_KEY },
      ...["device.platform_half"],
      /^the driver sev_guest$/,
      /configfs-tsm/,
    ] as const,
    [
      "a TD without configfs-tsm",
      { vendor: "QEMU", there: ["/dev/tdx_guest"] },
      ...["device.platform_half"],
      /^\/dev\/tdx_guest$/,
      /^configfs-tsm/,
    ] as const,
    [
      "devices of both TEEs",
      { vendor: "QEMU", there: ["/dev/tdx_guest", "/dev/sev-guest"] },
      ...["device.platform_contradiction"],
      /SEV-SNP \(sev_guest\) and TDX/,
    ] as const,
    [
      "a paravisor on Google's cloud",
      { ...GOOGLE, tpm: { ...GCE_KEY, paravisor: "snp" } },
      ...["device.platform_contradiction"],
      /^Google Compute Engine and a paravisor/,
    ] as const,
    [
      "SEV-SNP in the open on Azure",
      { ...AZURE, provider: "sev_guest", tpm: AZURE_KEY },
      ...["device.platform_contradiction"],
      /^Azure and SEV-SNP/,
    ] as const,
    [
      "a TPM on a machine of nobody's",
      { vendor: "Dell Inc.", tpm: {} },
      ...["device.platform_unknown"],
      /^a TPM$/,
    ] as const,
    [
      "a machine with nothing",
      {},
      ...["device.platform_unknown"],
      /^neither a TEE nor a TPM$/,
    ] as const,
  ];

for (const [name, tree, code, present, missing] of NONE) {
  Deno.test(`detectVariant() takes ${name} for none, and says what it saw`, async () => {
    const probe = await probeOf(tree);
    assert.throws(() => detectVariant(probe), (error) => {
      assert.ok(error instanceof UnavailableError);
      assert.equal(error.code, code);
      assert.match(error.fields["present"] ?? "", present);
      if (missing !== undefined) assert.match(error.fields["missing"] ?? "", missing);
      return true;
    });
    assert.match(describePlatform(probe).at(-1)?.value ?? "", new RegExp(`\\[${code}\\]$`));
  });
}

Deno.test("describePlatform() keeps what DMI says from a terminal", async () => {
  const lines = describePlatform(await probeOf({ vendor: "QEMU\u001b[2J" }));
  assert.match(lines[0]?.value ?? "", /QEMU\\u001b\[2J/);
});
