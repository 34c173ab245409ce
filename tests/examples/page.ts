/**
 * What of a page of `docs/examples` is run, and what it must print.
 *
 * A block marked `sh` is a session of the shell, and one marked `ts` a program;
 * a block marked `text` right after one is what it prints. A block marked
 * `yaml` whose first line is a comment with a name is a file.
 *
 * @module
 */

/** A block that does something. */
export interface Step {
  /** What it is. */
  readonly kind: "sh" | "ts" | "file";
  /** Its text. */
  readonly code: string;
  /** Line of the page on which its text starts, from 1. */
  readonly line: number;
  /** What it prints; absent where the page shows nothing of it. */
  readonly prints?: Printed;
}

/** What a step prints, as the page has it. */
export interface Printed {
  /** Text. */
  readonly text: string;
  /** Index in the page's lines of its first line. */
  readonly from: number;
}

/** A block of code in a page. */
interface Block {
  readonly language: string;
  readonly lines: readonly string[];
  /** Index of its first line. */
  readonly from: number;
}

const FENCE = "```";

/**
 * Reads a page.
 *
 * @param page Its text, Markdown.
 * @throws {SyntaxError} where a block does not end, nothing can come of it, or text is the output of nothing.
 */
export function readPage(page: string): readonly Step[] {
  const steps: Step[] = [];
  let open: Step | undefined;
  for (const block of blocksOf(page.split("\n"))) {
    if (block.language === "text") {
      if (open === undefined) throw problem(block, "a block of text follows no command");
      steps[steps.length - 1] = {
        ...open,
        prints: { text: block.lines.join("\n"), from: block.from },
      };
      open = undefined;
      continue;
    }
    open = stepOf(block);
    steps.push(open);
  }
  return steps;
}

function stepOf(block: Block): Step {
  const kinds = new Map<string, Step["kind"]>([["sh", "sh"], ["ts", "ts"], ["yaml", "file"]]);
  const kind = kinds.get(block.language);
  if (kind === undefined) throw problem(block, `a block of ${block.language} is not known`);
  return { kind, code: block.lines.join("\n"), line: block.from + 1 };
}

function* blocksOf(lines: readonly string[]): Generator<Block> {
  for (let i = 0; i < lines.length; i++) {
    const fence = lines[i] ?? "";
    if (!fence.startsWith(FENCE)) continue;
    const end = lines.indexOf(FENCE, i + 1);
    const block = {
      language: fence.slice(FENCE.length),
      from: i + 1,
      lines: lines.slice(i + 1, end),
    };
    if (end < 0) throw problem(block, "the block does not end");
    yield block;
    i = end;
  }
}

function problem({ from }: Block, says: string): SyntaxError {
  return new SyntaxError(`Line ${from}: ${says}`);
}

/**
 * Name of the file that a block is.
 *
 * @param step The block.
 * @throws {SyntaxError} where its first line does not say it.
 */
export function fileNameOf({ code, line }: Step): string {
  const name = /^# ([a-z0-9_./-]+)\n/.exec(code)?.[1];
  if (name === undefined) throw new SyntaxError(`Line ${line}: the file's name is missing`);
  return name;
}
