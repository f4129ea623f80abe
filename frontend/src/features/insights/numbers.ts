import type { Evidence, Insight } from "./api/insights";

/** A stretch of an insight's text; a number that can be proven carries its evidence. */
export interface Stretch {
  text: string;
  evidence: Evidence | null;
}

/** Finds the numbers in the text, in the order in which they stand there. */
export function stretchesOf({ text, numbers }: Pick<Insight, "text" | "numbers">): Stretch[] {
  const places = numbers
    .flatMap((number) => (number.evidence ? [{ at: text.indexOf(number.text), number }] : []))
    .filter(({ at, number }) => at >= 0 && number.text !== "")
    .toSorted((a, b) => a.at - b.at);
  const stretches: Stretch[] = [];
  let end = 0;
  for (const { at, number } of places) {
    if (at < end) continue;
    if (at > end) stretches.push({ text: text.slice(end, at), evidence: null });
    stretches.push({ text: number.text, evidence: number.evidence });
    end = at + number.text.length;
  }
  if (end < text.length) stretches.push({ text: text.slice(end), evidence: null });
  return stretches;
}
