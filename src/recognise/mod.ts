/**
 * Recognises files by their content, and finds what can be verified with them.
 *
 * @module
 */

export type { Assignment, Placed } from "./assign.ts";
export {
  type Candidate,
  type GivenRoot,
  type Heap,
  type SeenFile,
  sortHeap,
  type Terms,
} from "./heap.ts";
export type { NamedFile } from "./look.ts";
export { parseSimpleYaml } from "./simple_yaml.ts";
