/**
 * The known word that was meant by a misspelt one.
 *
 * @module
 */

/**
 * The known word that is most like a misspelt one, if any is close.
 *
 * @param word What was written.
 * @param known What could have been meant.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  const whole = known.filter((candidate) => isShortFor(word, candidate));
  if (whole.length === 1 && (best?.distance ?? 0) > 1) return whole[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/** Least letters of a short form; fewer are in many words by chance. */
const MIN_SHORT_FORM = 4;

/** Whether a word is another with letters left out, as azure-snp of azure-sev-snp. */
function isShortFor(word: string, whole: string): boolean {
  if (word.length < MIN_SHORT_FORM) return false;
  let at = 0;
  for (const letter of whole.toLowerCase()) if (letter === word[at]?.toLowerCase()) at++;
  return at === word.length;
}

/** Levenshtein distance; words longer than 40 characters are not compared. */
function editDistance(a: string, b: string): number {
  if (a.length > 40 || b.length > 40) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
