/**
 * `deno doc --lint` over every export of `deno.json`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { run } from "./process.ts";

await run("deno", ["doc", "--lint", ...Object.values(config.exports)]);
