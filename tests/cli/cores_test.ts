/** No command leaves its memory in a file, whatever it was given to read. */

import { equal, match } from "node:assert/strict";
import { outcome, output } from "../../scripts/process.ts";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";

const MAIN = new URL("../../main.ts", import.meta.url).href;

Deno.test({
  name: "casemate withholds core dumps before it reads a private key",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/owner.key`;
      await output("mkfifo", [path]);
      const program = [
        Deno.execPath(),
        "run",
        "-A",
        "--no-check",
        "--quiet",
        MAIN,
        "owner",
        "show",
      ];
      const ran = outcome("sh", [
        ...["-c", `ulimit -c unlimited 2> /dev/null; echo $$ > "$1/pid"; shift; exec "$@"`, "sh"],
        ...[folder, ...program, path],
      ]);
      // Whoever opens a pipe to write waits until somebody reads it: the program is about to read the key.
      using key = await Deno.open(path, { write: true });
      const pid = (await Deno.readTextFile(`${folder}/pid`)).trim();
      match(await Deno.readTextFile(`/proc/${pid}/limits`), /^Max core file size +[01] +[01] /m);
      const { pkcs8, publicKey } = await generateSigningKey("P-384");
      await key.write(new TextEncoder().encode(keyPem("PRIVATE KEY", pkcs8)));
      key.close();
      const { code, stdout } = await ran;
      equal(code, 0);
      match(stdout, new RegExp(publicKey.id));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
