/**
 * `deno doc --lint` over every export of `deno.json`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { runLogged } from "./gate/log.ts";

const { code } = await runLogged("deno", ["doc", "--lint", ...Object.values(config.exports)]);
Deno.exit(code);
