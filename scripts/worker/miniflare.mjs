// Runs a Worker in workerd until standard input ends; runs in Node, since
// miniflare is made for it. The first line of standard input says all of it.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// A terminal sends these to all of its processes; who started this one ends it.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
const ended = new Promise((resolve) => lines.once("close", resolve));
const said = await new Promise((resolve) => lines.once("line", resolve));
const { tools, options } = JSON.parse(said);

const { Miniflare } = createRequire(`${tools}/package.json`)("miniflare");
const miniflare = new Miniflare({
  ...options,
  // What the Worker and the runtime write; standard output says where it listens.
  handleRuntimeStdio(stdout, stderr) {
    stdout.pipe(process.stderr);
    stderr.pipe(process.stderr);
  },
});
const url = await miniflare.ready;
console.log(JSON.stringify({ url: url.origin }));
await ended;
await miniflare.dispose();
