/**
 * The secrets of a cluster that runs, and which files are there to hold each:
 * whatever holds one and is not named here has leaked it.
 *
 * @module
 */

import { fromBase64url } from "../../src/core/base64url.ts";
import { fromHex } from "../../src/core/bytes.ts";
import { readAccess } from "../../src/cli/lab_cluster/etcd.ts";
import type { LabOwner } from "../../src/cli/lab_cluster/owner.ts";
import { epochRoot } from "../../src/keys/derive.ts";
import { readInitSecrets } from "../../src/services/init/secrets.ts";
import type { Weakening } from "../attacks/weaken.ts";
import type { Bench } from "./bench.ts";
import type { Secret } from "./needles.ts";

/** Environment: the folder, beside the lab's, where agents of the copy leave keys that otherwise stay in memory. */
export const KEYS_FOLDER = "CASEMATE_TEST_KEYS";

const KEEP = `const kept = Deno.env.get("${KEYS_FOLDER}");
  const own = kept + "/" + crypto.randomUUID();
  if (kept !== undefined) Deno.writeTextFileSync(own, JSON.stringify`;

/** In the copy, keys of the channel are left where the test finds them. */
export const KEYS_LEFT: readonly Weakening[] = [
  {
    file: "src/channel/leaf.ts",
    find: "  return { certificate, key: key.pkcs8, spki: key.spki };",
    replace: `  const opened = await crypto.subtle.importKey("pkcs8", key.pkcs8,
    { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const { d } = await crypto.subtle.exportKey("jwk", opened);
  ${KEEP}({ name: "TLS key", d }));
  return { certificate, key: key.pkcs8, spki: key.spki };`,
  },
  {
    file: "src/channel/hpke.ts",
    find: 'generateKey(X25519, false, ["deriveBits"]);',
    replace: `generateKey(X25519, true, ["deriveBits"]);
  const { d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  ${KEEP}({ name: "HPKE key", d }));`,
  },
];

/** State of control planes; workers have none of it. */
const CONTROL_PLANES = "nodes/vm-[12]/state/control_plane\\.secret";
const FIRST = "nodes/vm-1/state/init\\.secret";

/** Etcd 3.4 writes requests as they came, passwords among them, into its own log of them. */
const ETCD_DATA = "etcd/data/member/(?:wal/[0-9a-f-]+\\.wal|snap/db)";

const only = (...files: readonly string[]): RegExp => new RegExp(`^(?:${files.join("|")})$`);

/**
 * All secrets that there are.
 *
 * @param bench The lab.
 * @param owner Its owner.
 * @param keys Folder of the keys that agents of the copy left.
 */
export async function secretsOf(
  bench: Bench,
  owner: LabOwner,
  keys: string,
): Promise<readonly Secret[]> {
  const { master } = owner;
  const granted = only(CONTROL_PLANES, FIRST);
  const kept = await grantOf(bench);
  return [
    { name: "master secret", bytes: master.secret, holders: only("owner/master") },
    { name: "K_e", bytes: await epochRoot(master, 1), holders: granted },
    {
      name: "owner's key",
      bytes: await scalarIn(bench, "owner/owner.key", P384),
      holders: only("owner/owner\\.key"),
    },
    {
      name: "node authority's key",
      bytes: await scalarOf(kept.nodeAuthorityKey, P384),
      holders: granted,
    },
    { name: "log key", bytes: await scalarOf(kept.logKey, { name: "Ed25519" }), holders: granted },
    ...await secretsOfEtcd(bench),
    ...await keysLeft(keys),
  ];
}

async function grantOf({ work }: Bench) {
  const state = await work.node.openState(`${work.paths.folder}/copy-of-state`);
  try {
    const file = await Deno.readFile(`${work.paths.machine("vm-1").state}/init.secret`);
    await state.files.write("init.secret", file);
    const secrets = await readInitSecrets(state.files);
    if (secrets === null) throw new Error("the first control plane keeps no secrets");
    return secrets.grant;
  } finally {
    state.close();
    await Deno.remove(`${work.paths.folder}/copy-of-state`, { recursive: true });
  }
}

async function secretsOfEtcd(bench: Bench): Promise<readonly Secret[]> {
  const access = await readAccess(bench.work);
  const text = new TextEncoder();
  const root = await Deno.readFile(`${bench.work.paths.etcd}/root-password`);
  const [client, server] = [
    await scalarIn(bench, access.key, P256),
    await scalarIn(bench, "etcd/server.key", P256),
  ];
  const holders = only("store\\.json", CONTROL_PLANES, FIRST);
  const password = only("store\\.json", CONTROL_PLANES, FIRST, ETCD_DATA);
  return [
    { name: "etcd password", bytes: text.encode(access.password), holders: password },
    { name: "etcd password, its bytes", bytes: fromHex(access.password), holders: password },
    { name: "etcd root password", bytes: root, holders: only("etcd/root-password", ETCD_DATA) },
    { name: "etcd client's key", bytes: client, holders },
    { name: "etcd server's key", bytes: server, holders: only("etcd/server\\.key") },
  ];
}

async function keysLeft(folder: string): Promise<readonly Secret[]> {
  const secrets: Secret[] = [];
  for await (const { name: file } of Deno.readDir(folder)) {
    const { name, d } = JSON.parse(await Deno.readTextFile(`${folder}/${file}`));
    secrets.push({ name: `${name} ${file}`, bytes: fromBase64url(d), holders: only("nowhere") });
  }
  return secrets;
}

type KeyKind = EcKeyImportParams | { readonly name: "Ed25519" };

const P256: KeyKind = { name: "ECDSA", namedCurve: "P-256" };
const P384: KeyKind = { name: "ECDSA", namedCurve: "P-384" };

/** Of a PEM, or of a file of the lab that is one. */
async function scalarIn({ work }: Bench, pem: string, kind: KeyKind): Promise<Uint8Array> {
  const isText = pem.startsWith("-----");
  const text = isText ? pem : await Deno.readTextFile(`${work.paths.folder}/${pem}`);
  const base64 = text.replaceAll(/-----[^-]+-----|\s/g, "");
  return await scalarOf(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)), kind);
}

/** What of a private key is private. */
async function scalarOf(pkcs8: Uint8Array, kind: KeyKind): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), kind, true, ["sign"]);
  const { d = "" } = await crypto.subtle.exportKey("jwk", key);
  return fromBase64url(d);
}
