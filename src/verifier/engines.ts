/**
 * The engines that evidence can be verified with, and the choice among them.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";
import { InputError, type RejectedError } from "../core/errors.ts";
import type { AnyTechnology, Check } from "../evidence/evidence.ts";
import type { Finding, Root } from "../evidence/finding.ts";
import { compareEngines } from "./compare.ts";

/**
 * Which engine verifies: the WASM module; a second implementation in TypeScript
 * for places where WASM may not be compiled, loaded when it is asked for; or
 * both, which must then agree.
 */
export type EngineChoice = "wasm" | "portable" | "both";

/** The choices, the default first. */
export const ENGINES: readonly EngineChoice[] = ["wasm", "portable", "both"];

/** What is found out where both are asked. */
export const AGREEMENT: Check = {
  id: "trust.engine",
  link: "files",
  title: "Both engines agree",
  source: "request",
};

/** An engine that was chosen. */
export interface ChosenEngine {
  /** The engine. */
  readonly engine: Engine;
  /** Where both are asked: the first disagreement so far. */
  readonly disagreement: () => RejectedError | undefined;
  /** Where both are asked: the finding about that, under the root that the evidence rests on. */
  readonly agreement: (root: Root) => readonly Finding[];
}

/**
 * Refuses a technology that the portable engine does not know.
 *
 * @param choice The choice.
 * @param technology Technology of the evidence.
 * @throws {InputError} `input.value`
 */
export function checkEngine(choice: EngineChoice, technology: AnyTechnology): void {
  if (choice === "wasm" || technology.portable !== undefined) return;
  throw new InputError(
    `Cannot verify ${technology.title} with the engine ${choice}: only wasm knows it yet`,
    { code: "input.value", fields: { field: "engine", expected: "wasm" } },
  );
}

/**
 * The engine of a choice. Nothing of the portable one is loaded before it runs.
 *
 * @param choice The choice.
 * @param technology Technology of the evidence; {@linkcode checkEngine} has passed it.
 * @param wasm The WASM module, as this host starts it.
 */
export function chooseEngine(
  choice: EngineChoice,
  technology: AnyTechnology,
  wasm: Engine,
): ChosenEngine {
  switch (choice) {
    case "wasm":
      return alone(wasm);
    case "portable":
      return alone(portableEngine(technology));
    case "both": {
      const engine = compareEngines(wasm, portableEngine(technology));
      const { disagreement, compared } = engine;
      return { engine, disagreement, agreement: (root) => [agreement(root, compared())] };
    }
    default:
      return choice satisfies never;
  }
}

function alone(engine: Engine): ChosenEngine {
  return { engine, disagreement: () => undefined, agreement: () => [] };
}

function portableEngine({ portable }: AnyTechnology): Engine {
  let loaded: Promise<Engine> | undefined;
  const load = async (): Promise<Engine> => {
    const { createPortableEngine } = await import("../core/portable/engine.ts");
    return createPortableEngine(await portable?.() ?? {});
  };
  return {
    async run(operation, parts) {
      loaded ??= load();
      return await (await loaded).run(operation, parts);
    },
  };
}

/** Engines that were asked nothing have not agreed: what is refused for its form alone is told of no engine. */
function agreement(root: Root, compared: number): Finding {
  return {
    ...AGREEMENT,
    kind: compared > 0 ? "match" : "unchecked",
    required: true,
    expected: null,
    actual: compared > 0 ? "the same from wasm and portable" : null,
    root,
    code: null,
  };
}
