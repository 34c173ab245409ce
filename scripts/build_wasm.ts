/**
 * Builds `wasm/lib/` from the crate in `wasm/`.
 *
 * `--fresh` builds nothing and needs no Rust: it says whether `wasm/lib/` is
 * consistent and from the present sources.
 *
 * @module
 */
import { buildLib, CRATE } from "./wasm/lib.ts";
import { findStale } from "./wasm/fresh.ts";
import { provideToolchain } from "./wasm/toolchain.ts";

const LIB = `${CRATE}lib/`;

/** Writes the files of `wasm/lib/` and removes what does not belong there. */
async function build(): Promise<void> {
  const files = await buildLib(await provideToolchain());
  await Deno.mkdir(LIB, { recursive: true });
  for await (const entry of Deno.readDir(LIB)) {
    if (!files.has(entry.name)) await Deno.remove(LIB + entry.name, { recursive: true });
  }
  for (const [name, content] of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(LIB + name, bytes);
    console.log(`wasm/lib/${name} ${bytes.length} bytes`);
  }
}

if (import.meta.main) {
  if (Deno.args.includes("--fresh")) {
    const stale = await findStale(CRATE);
    if (stale !== undefined) {
      console.error(`${stale}; run \`./scripts/deno task wasm\` and commit the result`);
      Deno.exit(1);
    }
    console.log("wasm/lib is of the present sources");
  } else {
    await build();
  }
}
