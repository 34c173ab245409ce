import assert from "node:assert/strict";
import { runCli } from "../cli/fake_host.ts";

/** Command lines that are refused before anything is done, the code, and what the message names. */
const REFUSED: readonly (readonly [line: string, code: string, names: RegExp])[] = [
  ["up --control-planes 0", "input.value", /--control-planes: "0", expected 1 to 50/],
  ["up --control-planes 3.5", "input.value", /--control-planes/],
  ["up --workers many", "input.value", /--workers: "many", expected 0 to 50/],
  ["up --control-planes 30 --workers 21", "input.value", /51 machines, expected at most 50/],
  ["up --name Lab", "lab.name", /--name "Lab": expected at most 20 characters/],
  ["up --name ../etc", "lab.name", /--name/],
  ["up --bend vm-1", "lab.bend", /HOW is registers, host-data, no-tee/],
  ["up --bend vm-1=broken", "lab.bend", /vm-1=broken/],
  ["up --bend worker-1=registers", "lab.bend", /worker-1=registers/],
  ["up --bend vm-6=registers", "lab.bend", /there are machines vm-1 to vm-5/],
  ["node add --bend broken", "input.value", /--bend "broken"/],
];

for (const [line, code, names] of REFUSED) {
  Deno.test(`casemate lab ${line} is refused with ${code}`, async () => {
    const { exitCode, err } = await runCli(["lab", ...line.split(" ")], { width: 200 });

    assert.equal(exitCode, 2, err);
    assert.ok(err.includes(code), err);
    assert.match(err, names);
  });
}
