/**
 * Memory over time as a chart, SVG.
 *
 * @module
 */

/** A moment and the memory at it. */
export interface Sample {
  /** Since the start, s. */
  readonly at: number;
  /** Bytes. */
  readonly bytes: number;
}

/** Memory of one service, and what was done to it when. */
export interface Series {
  /** What it is. */
  readonly name: string;
  /** In time. */
  readonly samples: readonly Sample[];
  /** When something began. */
  readonly marks: readonly { readonly at: number; readonly says: string }[];
}

const SIZE = { width: 900, height: 320, left: 64, right: 16, top: 40, bottom: 44 };
const MIB = 2 ** 20;

/**
 * Draws one service.
 *
 * @param series What is drawn.
 */
export function drawMemory({ name, samples, marks }: Series): string {
  const end = Math.max(1, ...samples.map(({ at }) => at));
  const most = Math.ceil(Math.max(...samples.map(({ bytes }) => bytes)) / MIB / 100) * 100;
  const x = (at: number): number => SIZE.left + at / end * (SIZE.width - SIZE.left - SIZE.right);
  const y = (mib: number): number =>
    SIZE.height - SIZE.bottom - mib / most * (SIZE.height - SIZE.top - SIZE.bottom);
  const line = samples.map(({ at, bytes }) => `${x(at).toFixed(1)},${y(bytes / MIB).toFixed(1)}`);
  const steps = [0, 0.25, 0.5, 0.75, 1].map((share) => share * most);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="DejaVu Sans, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${SIZE.left}" y="18" font-size="14">Memory of ${name} under load, MiB resident</text>`,
    ...steps.map((mib) =>
      `<path d="M${SIZE.left} ${y(mib)}H${SIZE.width - SIZE.right}" stroke="#ddd"/><text x="${
        SIZE.left - 8
      }" y="${y(mib) + 4}" text-anchor="end">${mib}</text>`
    ),
    ...marks.map(({ at, says }, index) =>
      `<path d="M${x(at)} ${SIZE.top - 6}V${
        SIZE.height - SIZE.bottom
      }" stroke="#999" stroke-dasharray="3 3"/><text x="${x(at) + 3}" y="${
        SIZE.top + (index % 2) * 14
      }" fill="#555" font-size="10">${says}</text>`
    ),
    `<polyline fill="none" stroke="#1f5fa8" stroke-width="2" points="${line.join(" ")}"/>`,
    `<text x="${SIZE.left}" y="${SIZE.height - 12}">0 s</text>`,
    `<text x="${SIZE.width - SIZE.right}" y="${SIZE.height - 12}" text-anchor="end">${
      end.toFixed(0)
    } s</text>`,
    "</svg>",
    "",
  ].join("\n");
}
