/**
 * Typed wrapper over the WASM module of the crate beside it.
 *
 * The glue that wasm-bindgen writes (`lib/casemate_core.js`) keeps one instance
 * per program for ever. An instance that trapped must be thrown away, so this
 * wrapper calls the module's exports itself. Every operation has one shape:
 * framed bytes in, JSON text out.
 *
 * @module
 */

/** Name of an operation, as in `src/lib.rs`; `README.md` says what each takes and answers. */
export type Operation =
  | "x509_describe"
  | "cache_clear"
  | "snp_report"
  | "snp_leaf"
  | "snp_certificate_table"
  | "snp_verify";

/** Export of an operation: pointer and length of the input; pointer and length of the answer. */
type Call = (pointer: number, length: number) => readonly [number, number];

/** A table of references to anything; TypeScript's `WebAssembly.Table` is one of functions. */
interface References {
  readonly grow: (by: number) => number;
  readonly set: (index: number, value: unknown) => void;
}

/** Exports that wasm-bindgen adds. */
interface Memory {
  readonly memory: WebAssembly.Memory;
  readonly table: References;
  readonly malloc: (bytes: number, align: number) => number;
  readonly free: (pointer: number, bytes: number, align: number) => void;
}

/** The one import that the module has; it fills the table of references, which no operation uses. */
const IMPORT = "__wbindgen_init_externref_table";

/** One running copy of the module, with its own memory and caches. */
export class Instance {
  readonly #exports: WebAssembly.Exports;
  readonly #memory: Memory;

  /**
   * Starts a copy.
   *
   * @param module The compiled module.
   * @throws {TypeError} when the module is another one than this wrapper is for.
   */
  constructor(module: WebAssembly.Module) {
    const imports: Record<string, Record<string, () => void>> = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      if (name !== IMPORT) throw new TypeError(`Cannot start the engine: unknown import ${name}`);
      imports[from] = { [name]: () => fillTable(this.#memory.table) };
    }
    this.#exports = new WebAssembly.Instance(module, imports).exports;
    this.#memory = readMemory(this.#exports);
    const start = this.#exports["__wbindgen_start"];
    if (typeof start === "function") start();
  }

  /**
   * Runs an operation.
   *
   * @param operation Which.
   * @param input Framed arguments.
   * @returns JSON text.
   * @throws {WebAssembly.RuntimeError} when the module trapped; the instance is then spoilt.
   */
  call(operation: Operation, input: Uint8Array): string {
    const run = this.#exports[operation];
    if (typeof run !== "function") {
      throw new TypeError(`Cannot run ${operation}: the module lacks it`);
    }
    const { memory, malloc, free } = this.#memory;
    const pointer = malloc(input.length, 1) >>> 0;
    new Uint8Array(memory.buffer, pointer, input.length).set(input);
    // wasm-bindgen's ABI: the callee takes the input over and frees it.
    const [at, length] = (run as Call)(pointer, input.length);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(
        new Uint8Array(memory.buffer, at >>> 0, length),
      );
    } finally {
      free(at, length, 1);
    }
  }
}

function readMemory(exports: WebAssembly.Exports): Memory {
  const { memory, __wbindgen_externrefs: table, __wbindgen_malloc: malloc, __wbindgen_free: free } =
    exports;
  const whole = memory instanceof WebAssembly.Memory && table instanceof WebAssembly.Table &&
    typeof malloc === "function" && typeof free === "function";
  if (!whole) {
    throw new TypeError("Cannot start the engine: the module lacks wasm-bindgen's exports");
  }
  const references: unknown = table;
  return {
    memory,
    table: references as References,
    malloc: malloc as Memory["malloc"],
    free: free as Memory["free"],
  };
}

/** What wasm-bindgen's own glue does at start. */
function fillTable(table: References): void {
  const offset = table.grow(4);
  table.set(0, undefined);
  for (const [i, value] of [undefined, null, true, false].entries()) table.set(offset + i, value);
}
