import assert from "node:assert/strict";
import { difference } from "./difference.ts";
import { styleOf } from "./style.ts";

const page = { width: 80, indent: "  ", style: styleOf(false) };

function changed(hex: string, byte: number): string {
  return `${hex.slice(0, 2 * byte)}ff${hex.slice(2 * byte + 2)}`;
}

Deno.test("difference() sets hex of equal length under each other and marks the first byte that differs", () => {
  const hex = "00112233445566778899aabbccddeeff";

  assert.deepEqual(difference(hex, changed(changed(hex, 9), 12), page), [
    "  expected  00112233445566778899aabbccddeeff",
    "  actual    0011223344556677 88ffaabbffddeeff".replace(" 88", "88"),
    "                              ^^ byte 9 is the first that differs",
  ]);
});

Deno.test("difference() marks in the piece where the byte is, and within the width", () => {
  const hex = "a5".repeat(64);
  for (const width of [40, 60, 80, 110]) {
    for (const byte of [0, 15, 16, 31, 32, 47, 63]) {
      const lines = difference(hex, changed(hex, byte), { ...page, width });
      const mark = lines.findIndex((line) => line.includes("^^"));
      const at = lines[mark]?.indexOf("^^") ?? -1;

      assert.equal(lines[mark - 1]?.slice(at, at + 2), "ff", `byte ${byte} at ${width}`);
      assert.ok(lines.every((line) => line.length <= width), lines.join("\n"));
      assert.equal(
        lines.filter((line) => line.includes("expected")).map((line) => line.slice(12)).join(""),
        hex,
      );
    }
  }
});

Deno.test("difference() lists several accepted values and takes texts as they are", () => {
  assert.deepEqual(difference(`${"aa".repeat(8)} or ${"bb".repeat(8)}`, "cc".repeat(8), page), [
    `  expected  ${"aa".repeat(8)}`,
    `  or        ${"bb".repeat(8)}`,
    `  actual    ${"cc".repeat(8)}`,
  ]);
  assert.deepEqual(difference("VMPL 0 or 1", "VMPL 2", page), [
    "  expected  VMPL 0 or 1",
    "  actual    VMPL 2",
  ]);
  assert.deepEqual(difference(null, "here", page), ["  actual    here"]);
  assert.deepEqual(difference(null, null, page), []);
});
