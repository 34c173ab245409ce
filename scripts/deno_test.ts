import { deepEqual, equal, match } from "node:assert/strict";
import { createHash } from "node:crypto";
import { fromFileUrl, type Outcome, outcome, run } from "./process.ts";

const SCRIPTS = fromFileUrl(new URL(".", import.meta.url));

/** A checkout with nothing but the launcher, in a folder with a blank in its name, and a PATH of doubles. */
interface Sandbox {
  readonly root: string;
  /** Puts a shell script on the PATH before everything else. */
  double(name: string, script: string): Promise<void>;
  /** Runs the launcher. */
  launch(...args: string[]): Promise<Outcome>;
  /** What is in `.tools`. */
  tools(): Promise<string[]>;
}

async function withSandbox(act: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const base = await Deno.makeTempDir();
  const root = `${base}/a checkout`;
  const doubles = `${base}/bin`;
  try {
    await Deno.mkdir(`${root}/scripts`, { recursive: true });
    await Deno.mkdir(doubles);
    for (const name of ["deno", "unpack_deno.mjs"]) {
      await Deno.copyFile(SCRIPTS + name, `${root}/scripts/${name}`);
    }
    const double = (name: string, script: string) => writeScript(`${doubles}/${name}`, script);
    await double("uname", "echo Linux x86_64");
    await double("deno", `echo "the wrong Deno"`);
    await act({
      root,
      double,
      launch: (...args) =>
        outcome(`${root}/scripts/deno`, args, { cwd: base, env: pathOf(doubles) }),
      tools: () => listOf(`${root}/.tools`),
    });
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

function pathOf(first: string): Record<string, string> {
  return { PATH: `${first}:${Deno.env.get("PATH") ?? ""}` };
}

async function writeScript(path: string, script: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

async function listOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}

/** Makes the npm of the sandbox give a package whose Deno prints its arguments; pins its hash. */
async function serve({ root, double }: Sandbox, version = "2.9.3"): Promise<void> {
  const folder = `${root}/served`;
  await Deno.mkdir(`${folder}/package`, { recursive: true });
  const said = `[ "$1" = --version ] && echo "deno ${version} (double)" || echo "$PATH|$*"`;
  await writeScript(`${folder}/package/deno`, said);
  await run("tar", ["-czf", `${folder}/deno.tgz`, "-C", folder, "package"]);
  await double("npm", `cp '${folder}/deno.tgz' . && echo deno.tgz`);
  const hash = createHash("sha512").update(await Deno.readFile(`${folder}/deno.tgz`));
  const script = await Deno.readTextFile(`${root}/scripts/deno`);
  const pinned = script.replace(/(?<=sha512_linux_x64=')[^']+/, hash.digest("base64"));
  await Deno.writeTextFile(`${root}/scripts/deno`, pinned);
}

Deno.test("scripts/deno fetches once, runs, and puts itself first on the PATH", () =>
  withSandbox(async (sandbox) => {
    await serve(sandbox);

    const first = await sandbox.launch("run", "a b");
    await sandbox.double("npm", "exit 1");
    const second = await sandbox.launch("run", "a b");

    const [path, args] = first.stdout.trimEnd().split("|");
    equal(args, "run a b");
    equal(
      path?.split(":")[0],
      `${await Deno.realPath(sandbox.root)}/.tools/deno-2.9.3-linux-x64-glibc`,
    );
    deepEqual([first.code, second.code, second.stdout], [0, 0, first.stdout]);
    deepEqual(await sandbox.tools(), ["deno-2.9.3-linux-x64-glibc"]);
  }));

Deno.test("scripts/deno works through symbolic links and when started twice at once", () =>
  withSandbox(async (sandbox) => {
    await serve(sandbox);
    const link = `${sandbox.root}/link`;
    await Deno.symlink("scripts/deno", link);
    await Deno.symlink("link", `${link}2`);
    const env = pathOf(`${sandbox.root}/../bin`);

    const ends = await Promise.all([
      outcome(`${link}2`, ["a"], { env, cwd: "/" }),
      outcome(`${link}2`, ["a"], { env, cwd: "/" }),
      sandbox.launch("a"),
    ]);

    for (const { code, stdout } of ends) deepEqual([code, stdout.endsWith("|a\n")], [0, true]);
    deepEqual(await sandbox.tools(), ["deno-2.9.3-linux-x64-glibc"]);
  }));

Deno.test("scripts/deno leaves the Deno that another run put there meanwhile, and may be running", () =>
  withSandbox(async (sandbox) => {
    await serve(sandbox);
    const place = `${sandbox.root}/.tools/deno-2.9.3-linux-x64-glibc`;
    await writeScript(`${sandbox.root}/other`, "echo the other run");
    await sandbox.double(
      "npm",
      `mkdir '${place}' && cp '${sandbox.root}/other' '${place}/deno'
      cp '${sandbox.root}/served/deno.tgz' . && echo deno.tgz`,
    );

    const { code, stdout } = await sandbox.launch("a");

    deepEqual([code, stdout], [0, "the other run\n"]);
    deepEqual(await sandbox.tools(), ["deno-2.9.3-linux-x64-glibc"]);
  }));

Deno.test("scripts/deno runs nothing of a package with another hash", () =>
  withSandbox(async (sandbox) => {
    await serve(sandbox);
    await sandbox.double("npm", "echo forged >forged.tgz");

    const { code, stdout, stderr } = await sandbox.launch("--version");

    deepEqual([code, stdout], [1, ""]);
    match(
      stderr,
      /^Fetching .*\nscripts\/deno: the package from npm has sha512 .* nothing was run\n$/,
    );
    deepEqual(await sandbox.tools(), []);
  }));

Deno.test("scripts/deno refuses a Deno of another version", () =>
  withSandbox(async (sandbox) => {
    await serve(sandbox, "2.9.6");

    const { code, stderr } = await sandbox.launch("--version");

    equal(code, 1);
    match(stderr, /does not run on this machine .* it said: deno 2\.9\.6/);
    deepEqual(await sandbox.tools(), []);
  }));

Deno.test("scripts/deno says in one sentence why npm gave nothing", () =>
  withSandbox(async (sandbox) => {
    await sandbox.double("npm", "echo 'npm error code EAI_AGAIN' >&2; exit 1");

    const { code, stderr } = await sandbox.launch("--version");

    equal(code, 1);
    match(stderr, /\nscripts\/deno: npm cannot fetch .* \(EAI_AGAIN\); check the network.*\n$/);
  }));

Deno.test("scripts/deno says how to add the hash of another platform", () =>
  withSandbox(async (sandbox) => {
    await sandbox.double("uname", "echo Linux aarch64");

    const { code, stderr } = await sandbox.launch("--version");

    equal(code, 1);
    match(
      stderr,
      /^scripts\/deno: the hash of @deno\/linux-arm64-glibc@2\.9\.3 is not known; .*\n$/,
    );
  }));

Deno.test("scripts/deno says that a platform has no Deno", () =>
  withSandbox(async (sandbox) => {
    await sandbox.double("uname", "echo Plan9 mips");

    const { code, stderr } = await sandbox.launch("--version");

    deepEqual([code, stderr.split("\n").length], [1, 2]);
    match(stderr, /Deno is not packaged for Plan9 mips/);
  }));

Deno.test("scripts/deno says that Node is missing", () =>
  withSandbox(async (sandbox) => {
    const bare = `${sandbox.root}/bare`;
    await Deno.mkdir(bare);
    for (const name of ["sh", "dirname", "readlink", "uname", "mkdir", "mktemp", "rm"]) {
      const { stdout } = await outcome("sh", ["-c", `command -v ${name}`]);
      await Deno.symlink(stdout.trim(), `${bare}/${name}`);
    }
    await Deno.remove(`${bare}/uname`);
    await writeScript(`${bare}/uname`, "echo Linux x86_64");

    const end = await outcome(`${sandbox.root}/scripts/deno`, ["--version"], {
      env: { PATH: bare },
    });

    deepEqual([end.code, end.stderr], [
      1,
      "scripts/deno: node is missing; install Node 20 or newer, which brings npm\n",
    ]);
  }));
