/**
 * Compares what runtimes answered, byte for byte, and says where they part.
 *
 * @module
 */

/** How much of a value is shown, characters. */
const SHOWN = 120;

/**
 * Compares the answers of a runtime with those of another.
 *
 * @param runtime The runtime, as it is called in sentences.
 * @param there Its answers, JSON texts.
 * @param here The answers that they should be.
 * @param labels What was asked.
 * @returns A sentence for each difference, with the case, the runtime and the first place that differs; none if all are the same.
 * @throws {RangeError} where there is not one name for each answer that should be.
 */
export function differences(
  runtime: string,
  there: readonly string[],
  here: readonly string[],
  labels: readonly string[],
): readonly string[] {
  if (labels.length !== here.length) {
    throw new RangeError(`${labels.length} names for ${here.length} answers`);
  }
  const wrong = there.length === here.length
    ? []
    : [`${runtime} gave ${there.length} answers, not ${here.length}`];
  const parted = here.flatMap((text, i) => {
    const other = there[i];
    if (other === undefined || other === text) return [];
    return [`${labels[i]}: in ${runtime}, ${placeOf(other, text)}`];
  });
  return [...wrong, ...parted];
}

/** Where two texts part: the first member that differs, or, where all members are alike, the character. */
function placeOf(there: string, here: string): string {
  const [other, own] = [parsed(there), parsed(here)];
  const found = other === null || own === null ? null : firstPlace(other.value, own.value, "");
  if (found !== null) return found;
  const at = [...Array(here.length).keys()].find((i) => here[i] !== there[i]) ?? here.length;
  const part = (text: string): string => JSON.stringify(text.slice(at, at + SHOWN));
  return `the text has ${part(there)} at ${at}, expected ${part(here)}`;
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function firstPlace(there: unknown, here: unknown, path: string): string | null {
  if (!isTree(there) || !isTree(here) || Array.isArray(there) !== Array.isArray(here)) {
    if (Object.is(there, here)) return null;
    return `${path === "" ? "the whole" : path} is ${shown(there)}, expected ${shown(here)}`;
  }
  const [others, own] = [new Map(Object.entries(there)), new Map(Object.entries(here))];
  for (const key of new Set([...own.keys(), ...others.keys()])) {
    const below = path === "" ? key : `${path}.${key}`;
    const found = firstPlace(others.get(key), own.get(key), below);
    if (found !== null) return found;
  }
  return null;
}

function isTree(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
