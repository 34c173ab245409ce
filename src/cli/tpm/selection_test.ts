import assert from "node:assert/strict";
import { InputError } from "../../core/errors.ts";
import { readSelectionFlag, selectionText } from "./selection.ts";

const SELECTIONS: readonly (readonly [string, string])[] = [
  ["sha256:0", "sha256:0"],
  ["sha256:0,1,2,4", "sha256:0-2,4"],
  ["SHA256:7-9, 3,8", "sha256:3,7-9"],
  ["sha256:0-23+sha1:4", "sha256:0-23+sha1:4"],
  ["sha1:4 + sha256:0-1", "sha1:4+sha256:0-1"],
];

for (const [text, wanted] of SELECTIONS) {
  Deno.test(`readSelectionFlag() reads ${text}`, () => {
    assert.equal(selectionText(readSelectionFlag(text)), wanted);
  });
}

const WRONG: readonly (readonly [string, RegExp])[] = [
  ["", /no BANK:LIST/],
  ["0,1", /no BANK:LIST/],
  ["sha256", /no BANK:LIST/],
  ["sha256:1:2", /no BANK:LIST/],
  ["sha265:1", /did you mean sha256\?/],
  ["sha256:", /"" is no register/],
  ["sha256:24", /"24" is no register/],
  ["sha256:3-1", /"3-1" is no register/],
  ["sha256:1,,2", /"" is no register/],
  ["sha256:-1", /"-1" is no register/],
  ["sha256:1+sha256:2", /sha256 stands there twice/],
];

for (const [text, reason] of WRONG) {
  Deno.test(`readSelectionFlag() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => readSelectionFlag(text),
      (error) =>
        error instanceof InputError && error.code === "input.value" &&
        error.fields["flag"] === "--pcrs" && reason.test(error.message),
    );
  });
}
