/**
 * The kernel's headers of Debian trixie in a folder of their own: those of the
 * machine may be older than TDX. Nothing of the machine is changed.
 *
 * @module
 */

import { fromFileUrl, output, run } from "../../scripts/process.ts";

const FOLDER = fromFileUrl(new URL("../../.tools/device-abi/", import.meta.url));
const SUITE = "trixie";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Where the headers are, once they are there. */
const INCLUDE = `${FOLDER}root/usr/include`;

/**
 * Folders for the compiler to look in, made with the first use.
 */
export async function trixieHeaders(): Promise<readonly string[]> {
  const machine = await output("gcc", ["-print-multiarch"]);
  const folders = [INCLUDE, `${INCLUDE}/${machine.trim()}`];
  try {
    await Deno.lstat(`${INCLUDE}/linux/tdx-guest.h`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await download();
  }
  return folders;
}

async function download(): Promise<void> {
  await Deno.mkdir(`${FOLDER}lists/partial`, { recursive: true });
  await Deno.mkdir(`${FOLDER}cache/archives/partial`, { recursive: true });
  const sources = `deb [signed-by=${KEYRING}] ${await mirror()} ${SUITE} main\n`;
  await Deno.writeTextFile(`${FOLDER}sources.list`, sources);
  await Deno.writeTextFile(`${FOLDER}status`, "");
  const options = [
    ...[`Dir::Etc::SourceList=${FOLDER}sources.list`, "Dir::Etc::SourceParts=/dev/null"],
    ...[`Dir::State::Lists=${FOLDER}lists`, `Dir::Cache=${FOLDER}cache`],
    ...[`Dir::State::status=${FOLDER}status`, "APT::Sandbox::User=root"],
  ].flatMap((option) => ["-o", option]);
  await run("apt-get", [...options, "-q", "update"], { cwd: FOLDER });
  await run("apt-get", [...options, "-q", "download", "linux-libc-dev"], { cwd: FOLDER });
  const packages: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) packages.push(name);
  const [found] = packages.filter((name) => /^linux-libc-dev_.*\.deb$/.test(name));
  if (found === undefined) throw new Error("apt-get downloaded no linux-libc-dev");
  await run("dpkg-deb", ["-x", `${FOLDER}${found}`, `${FOLDER}root`]);
}

/** Where this machine has its own packages from. */
async function mirror(): Promise<string> {
  const format = ["--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian"];
  const lines = (await output("apt-get", ["indextargets", ...format])).split("\n");
  const found = lines.find((line) => /\/debian\/?$/.test(line));
  if (found === undefined) throw new Error("this machine has no packages of Debian");
  return found;
}
