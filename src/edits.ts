/** How many signs have to be put in, taken out or changed to make one of the other (Levenshtein). */
export function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [place, sign] of [...from].entries()) {
    const next = [place + 1];
    for (const [index, other] of [...to].entries())
      next.push(
        Math.min((next[index] ?? 0) + 1, (row[index + 1] ?? 0) + 1, (row[index] ?? 0) + (sign === other ? 0 : 1)),
      );
    row = next;
  }
  return row[to.length] ?? 0;
}
