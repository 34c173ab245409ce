import assert from "node:assert/strict";
import { labFolders } from "../../src/hosts/lab/folders.ts";

/** No system takes a name as long as that. */
const LONG = `/tmp/${"x".repeat(300)}`;

const REFUSED: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  absolute: (path) => labFolders.absolute(path),
  make: (path) => labFolders.make(path),
  list: (path) => labFolders.list(path),
  read: (path) => labFolders.read(path),
  write: (path) => labFolders.write(path, new Uint8Array()),
  size: (path) => labFolders.size(path),
  readFrom: (path) => labFolders.readFrom(path, 0),
  remove: (path) => labFolders.remove(path),
  rename: (path) => labFolders.rename(path, path),
  removeEmpty: (path) => labFolders.removeEmpty(path),
  alone: (path) => labFolders.alone(path, () => Promise.resolve()),
};

for (const [name, work] of Object.entries(REFUSED)) {
  Deno.test(`labFolders.${name}() tells what the system refuses, and where`, async () => {
    await assert.rejects(work(LONG), {
      code: "lab.folder",
      message: `Cannot use ${LONG}: File name too long`,
    });
  });
}

Deno.test("labFolders finds nothing below a file", async () => {
  const file = await Deno.makeTempFile();
  try {
    const path = `${file}/lab.json`;
    assert.deepEqual(
      [await labFolders.read(path), await labFolders.size(path), await labFolders.list(path)],
      [null, null, []],
    );
    await assert.rejects(labFolders.make(path), { code: "lab.folder" });
  } finally {
    await Deno.remove(file);
  }
});
