/**
 * Tokens in software for tests: SoftHSM, whose store is a folder of its own.
 *
 * @module
 */

import { generateSigningKey, keyPem, type PublicKey } from "../../src/core/signing_key.ts";
import { outcome, output } from "../../scripts/process.ts";

/** Where Debian has the module. */
export const MODULE = "/usr/lib/softhsm/libsofthsm2.so";

/** The PIN of every token. */
export const PIN = "48151623";

const hasModule = await isInstalled(`softhsm2-util && test -e ${MODULE}`);

const hasPython = await isInstalled("python3");

async function isInstalled(program: string): Promise<boolean> {
  const { code } = await outcome("sh", ["-c", `command -v ${program}`]);
  return code === 0;
}

/** A store of tokens; the module reads where it is from the environment when it begins. */
export interface Store {
  /** Its folder. */
  readonly folder: string;
  /** Path of a file with a text, for PINs. */
  file(name: string, text: string): Promise<string>;
  /** Makes a token. */
  token(label: string): Promise<void>;
  /** Puts a key pair into a token, made by OpenSSL's or this program's own hand; says its public half. */
  key(token: string, label: string, id: string, options?: KeyOptions): Promise<PublicKey | null>;
}

/** How a key is made. */
export interface KeyOptions {
  /** Curve, as OpenSSL calls it; default P-384. */
  readonly curve?: "P-384" | "P-256";
  /** Whether its public half is left out. */
  readonly privateOnly?: boolean;
}

/**
 * A test over tokens in software; it says where it is ignored.
 *
 * @param name Its name.
 * @param fn What it does.
 * @param python Whether it needs Python besides.
 */
export function testWithTokens(
  name: string,
  fn: (store: Store) => Promise<void>,
  { python = false }: { readonly python?: boolean } = {},
): void {
  const missing = [...hasModule ? [] : ["softhsm2"], ...python && !hasPython ? ["python3"] : []];
  const note = missing.length === 0 ? "" : ` (ignored: no ${missing.join(", ")} here)`;
  Deno.test({ name: name + note, ignore: missing.length > 0, fn: () => inStore(fn) });
}

async function inStore(fn: (store: Store) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-softhsm-" });
  const before = Deno.env.get("SOFTHSM2_CONF");
  try {
    await Deno.mkdir(`${folder}/tokens`);
    const settings = `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`;
    await Deno.writeTextFile(`${folder}/softhsm2.conf`, settings);
    Deno.env.set("SOFTHSM2_CONF", `${folder}/softhsm2.conf`);
    await fn(storeIn(folder));
  } finally {
    if (before === undefined) Deno.env.delete("SOFTHSM2_CONF");
    else Deno.env.set("SOFTHSM2_CONF", before);
    await Deno.remove(folder, { recursive: true });
  }
}

function storeIn(folder: string): Store {
  const file = async (name: string, text: string) => {
    const path = `${folder}/${name}`;
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    return path;
  };
  return {
    folder,
    file,
    async token(label) {
      const pins = ["--so-pin", "12345678", "--pin", PIN];
      await output("softhsm2-util", ["--init-token", "--free", "--label", label, ...pins]);
    },
    async key(token, label, id, { curve = "P-384", privateOnly = false } = {}) {
      const { pkcs8, publicKey } = await generateSigningKey(curve);
      const path = await file(`${token}-${label}-${id}.pem`, keyPem("PRIVATE KEY", pkcs8));
      const name = ["--token", token, "--label", label, "--id", id, "--pin", PIN];
      const half = privateOnly ? ["--no-public-key"] : [];
      await output("softhsm2-util", ["--import", path, ...name, ...half]);
      return publicKey;
    },
  };
}
