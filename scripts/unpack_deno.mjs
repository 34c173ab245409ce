// Checks the sha512 of an npm tarball and takes the `deno` binary out of it.
// Runs in Node (scripts/deno calls it before there is a Deno) and needs no tar.
//
// node unpack_deno.mjs TARBALL SHA512_BASE64 TARGET
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { gunzipSync } from "node:zlib";

const WANTED = "package/deno";
const BLOCK = 512;

/** Content of one file of a tar archive (POSIX ustar: header block, then data padded to blocks). */
function findInTar(tar, name) {
  for (let at = 0; at + BLOCK <= tar.length;) {
    const text = (from, length) =>
      tar.toString("latin1", at + from, at + from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8) || 0;
    if (text(0, 100) === name) return tar.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

function stop(message) {
  console.error(`scripts/deno: ${message}`);
  process.exit(1);
}

const [tarball, expected, target] = process.argv.slice(2);
const packed = readFileSync(tarball);
const actual = createHash("sha512").update(packed).digest("base64");
if (actual !== expected) {
  stop(`the package from npm has sha512 ${actual}, pinned is ${expected}; nothing was run`);
}
const binary = findInTar(gunzipSync(packed), WANTED);
if (binary === undefined) stop(`the package from npm holds no ${WANTED}`);
writeFileSync(target, binary, { mode: 0o755 });
