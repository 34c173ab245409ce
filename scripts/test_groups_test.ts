import { deepEqual, ok, throws } from "node:assert/strict";
import { fromFileUrl } from "./process.ts";
import { findTests, groupTests, LONGEST } from "./test_groups.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

Deno.test("findTests() finds what deno test takes for tests, at any depth", async () => {
  const folder = await Deno.makeTempDir({ prefix: "casemate_groups_" });
  try {
    const names = ["b_test.ts", "test.ts", "a.test.mjs", "a.ts", "contest.ts", "b_test.txt"];
    await Deno.mkdir(`${folder}/x/y`, { recursive: true });
    for (const name of names) await Deno.writeTextFile(`${folder}/x/y/${name}`, "");
    const found = await findTests(`${folder}/`, ["x"]);
    deepEqual(found, ["x/y/a.test.mjs", "x/y/b_test.ts", "x/y/test.ts"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("groupTests() has each file once, the longest alone and first", async () => {
  const files = await findTests(ROOT, ["src", "tests", "scripts"]);
  for (const count of [1, 2, 12, files.length * 2]) {
    const groups = groupTests(files, count);
    deepEqual(groups.slice(0, LONGEST.length), LONGEST.map((path) => [path]));
    deepEqual(groups.flat().sort(), files);
    const sizes = groups.slice(LONGEST.length).map(({ length }) => length);
    ok(sizes.length <= count && Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
  }
});

Deno.test("groupTests() refuses a longest file that is not there", () => {
  throws(() => groupTests(LONGEST.slice(1), 1), new Error(`There is no ${LONGEST[0]}`));
});
