/**
 * The steps of the gate, in order: what `deno task ok` and `.ci/run` do.
 *
 * @module
 */
import { type Count, readCargo, readLastLine } from "./count.ts";

/** One step. */
export interface Step {
  /** Name of its task in `deno.json`. */
  readonly task: string;
  /** Arguments of the task. */
  readonly args?: readonly string[];
  /** How its tests are counted; absent where it is a check without tests. */
  readonly count?: (log: string) => Count | undefined;
  /** Program, or path from the root, without which it is skipped, in sight, and counted as one skipped test. */
  readonly needs?: string;
}

/** Every change passes these before it lands; fast ones first. */
export const GATE: readonly Step[] = [
  { task: "fmt:check" },
  { task: "lint" },
  { task: "layers" },
  { task: "generate:check" },
  { task: "check" },
  { task: "doc" },
  { task: "doc:test", count: readLastLine },
  { task: "test", count: readLastLine },
  { task: "cargo:fmt" },
  { task: "cargo:clippy" },
  { task: "cargo:test", count: readCargo },
  { task: "bundle" },
  { task: "publish:check" },
];

/** What a change need not wait for; `.ci/run` does it besides. */
export const MORE: readonly Step[] = [
  { task: "fuzz:rust", args: ["--fixed"], count: readCargo },
  { task: "corpus", count: readLastLine, needs: "../shared/evidence" },
  { task: "page" },
  { task: "page:test", count: readLastLine },
  { task: "packages", count: readLastLine },
  { task: "worker:test", count: readLastLine },
  { task: "runtimes", count: readLastLine },
  { task: "compile" },
  { task: "smoke", count: readLastLine },
  { task: "smoke:source", count: readLastLine },
  // A twentieth of the cases; the whole takes minutes.
  { task: "oracle:go", args: ["--", "--every=20"], count: readLastLine, needs: "go" },
  { task: "oracle:ear", count: readLastLine, needs: "go" },
  { task: "oracle:hpke", count: readLastLine, needs: "python3" },
  { task: "device:abi", count: readLastLine, needs: "gcc" },
  { task: "lab:test", count: readLastLine, needs: "etcd" },
  { task: "second-client", count: readLastLine, needs: "etcd" },
  { task: "attacks", count: readLastLine },
  { task: "attacks:join", count: readLastLine, needs: "etcd" },
  { task: "attacks:server", count: readLastLine, needs: "etcd" },
  { task: "killed", count: readLastLine, needs: "swtpm" },
  { task: "wasm:check" },
];
