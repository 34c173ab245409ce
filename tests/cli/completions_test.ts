import assert from "node:assert/strict";
import { completionTree, flatten } from "../../src/cli/completions/tree.ts";
import { SHELLS } from "../../src/cli/completions/shell.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { createProgram } from "../../src/cli/program.ts";
import { denoHost } from "../../src/hosts/deno.ts";
import { runCli } from "./fake_host.ts";

const scripts = Object.fromEntries(
  await Promise.all(
    SHELLS.map(async (shell) => [shell, (await runCli(["completions", shell])).out] as const),
  ),
);

async function has(shell: string): Promise<boolean> {
  const { code } = await new Deno.Command("sh", {
    args: ["-c", `command -v ${shell}`],
    stdout: "null",
  }).output();
  return code === 0;
}

/** Runs a program in a shell; a missing shell makes the test ignored, and says so. */
async function inShell(
  shell: string,
): Promise<{ readonly ignore: boolean; readonly note: string }> {
  const there = await has(shell);
  return { ignore: !there, note: there ? "" : ` (ignored: no ${shell} here)` };
}

async function shellOutput(
  shell: string,
  args: readonly string[],
  script: string,
): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/script`, script);
    await Deno.mkdir(`${folder}/reports`);
    await Deno.writeTextFile(`${folder}/report.bin`, "");
    const { success, stdout, stderr } = await new Deno.Command(shell, {
      args: [...args, "script"],
      cwd: folder,
      stdout: "piped",
      stderr: "piped",
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What bash offers at the end of a command line. */
async function bashOffers(line: string): Promise<readonly string[]> {
  const words = line.split(" ");
  const drive = `${scripts["bash"]}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length - 1}
_casemate
printf '%s\\n' "\${COMPREPLY[@]}"
`;
  return (await shellOutput("bash", ["--norc"], drive)).split("\n").filter((word) => word !== "")
    .sort();
}

const bash = await inShell("bash");
const zsh = await inShell("zsh");
const fish = await inShell("fish");

const PARSES = [["bash", bash, ["-n"]], ["zsh", zsh, ["-n"]], ["fish", fish, [
  "--no-execute",
]]] as const;

for (const [shell, { ignore, note }, args] of PARSES) {
  Deno.test({
    name: `completions ${shell} parses in ${shell}${note}`,
    ignore,
    fn: async () => void await shellOutput(shell, args, scripts[shell] ?? ""),
  });
}

/** Command lines up to the cursor, and what bash offers there. */
const OFFERS: readonly (readonly [string, readonly string[]])[] = [
  [
    "casemate ",
    [
      ...[
        "audit",
        "cluster",
        "codes",
        "collateral",
        "completions",
        "config",
        "conformance",
        "evidence",
        "lab",
        "manifest",
        "node",
        "owner",
      ],
      ...["policy", "reference", "result", "serve", "tpm", "version"],
    ],
  ],
  ["casemate policy ", ["diff", "digest", "explain", "lint", "new"]],
  ["casemate policy lint re", ["report.bin", "reports"]],
  ["casemate ev", ["evidence"]],
  ["casemate evidence ", ["explain", "show", "verify"]],
  ["casemate evidence explain azure-s", ["azure-sev-snp"]],
  ["casemate evidence verify report", ["report.bin", "reports"]],
  [
    "casemate evidence verify ",
    [...technologies.map(({ command }) => command), "report.bin", "reports", "script"].sort(),
  ],
  ["casemate evidence verify snp --rep", ["--report", "--report-data"]],
  ["casemate evidence verify snp --report re", ["report.bin", "reports"]],
  ["casemate evidence verify snp --report report.bin --profile ", ["crypto-only", "full"]],
  ["casemate evidence verify snp --engine ", ["both", "portable", "wasm"]],
  ["casemate evidence verify snp -o ", ["json", "text"]],
  ["casemate evidence verify snp --nonce ", []],
  ["casemate evidence verify tdx --tcb", [
    "--tcb-chain",
    "--tcb-info",
    "--tcb-recovery",
    "--tcb-status",
  ]],
  ["casemate evidence verify tdx --rt", ["--rtmr0", "--rtmr1", "--rtmr2", "--rtmr3"]],
  ["casemate evidence verify tdx --tcb-info re", ["report.bin", "reports"]],
  ["casemate evidence show report", ["report.bin", "reports"]],
  ["casemate lab mint ", ["snp", "tdx", "tpm"]],
  ["casemate lab mint snp --out re", ["reports"]],
  ["casemate lab mint snp --line ", ["Genoa", "Milan", "Turin"]],
  ["casemate tpm ", ["ek", "pcrs", "quote"]],
  ["casemate tpm quote --key ", ["ecc", "ecc-p384", "rsa", "rsa-pss"]],
  ["casemate tpm quote --event-log re", ["report.bin", "reports"]],
  ["casemate tpm ek --out re", ["reports"]],
  ["casemate completions ", ["bash", "fish", "zsh"]],
  ["casemate codes input.un", ["input.unknown", "input.unreadable", "input.unwritable"]],
];

for (const [line, wanted] of OFFERS) {
  Deno.test({
    name: `completions bash offers ${JSON.stringify(wanted)} after ${
      JSON.stringify(line)
    }${bash.note}`,
    ignore: bash.ignore,
    fn: async () => assert.deepEqual(await bashOffers(line), wanted),
  });
}

Deno.test({
  name: `completions fish offers commands and values${fish.note}`,
  ignore: fish.ignore,
  fn: async () => {
    const offers = async (line: string) =>
      (await shellOutput("fish", ["--no-config"], `${scripts["fish"]}\ncomplete -C '${line}'\n`))
        .split("\n").map((row) => row.split("\t")[0]);
    assert.ok((await offers("casemate evidence ")).includes("verify"));
    assert.deepEqual(
      (await offers("casemate evidence verify snp --profile ")).filter((word) => word !== ""),
      ["crypto-only", "full"],
    );
    assert.ok((await offers("casemate evidence verify snp --meas")).includes("--measurement"));
  },
});

Deno.test("completions hold every command and flag of the program, in every shell", async () => {
  const program = await createProgram(
    { host: denoHost("0"), finish: () => {} },
    () => Promise.resolve(0),
    ["completions"],
  );
  for (const command of flatten(completionTree(program, {}))) {
    for (const shell of SHELLS) {
      const script = scripts[shell] ?? "";
      assert.ok(
        script.includes(command.path.join(shell === "zsh" ? "_" : " ")),
        `${shell}: ${command.path.join(" ")}`,
      );
      for (const form of command.flags.flatMap((flag) => flag.forms)) {
        const wanted = shell === "fish"
          ? form.replace(/^--/, "-l ").replace(/^-(?=.$)/, "-s ")
          : form;
        assert.ok(script.includes(wanted), `${shell}: ${command.path.join(" ")} ${form}`);
      }
    }
  }
});
