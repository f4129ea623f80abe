import type { Evidence, Insight } from "./api/insights";

/** A stretch of an insight's text; a number that can be proven carries its evidence. */
export interface TextSegment {
  text: string;
  evidence: Evidence | null;
  /** What the list behind it shows: its sum, its count, or what it was computed from. */
  proof: Insight["numbers"][number]["proof"];
}

/** The text in stretches: each number that rests on payments is one, at the place that it has. */
export function textSegments({ text, numbers }: Pick<Insight, "text" | "numbers">): TextSegment[] {
  const characters = [...text]; // code points, as the server counts
  const segments: TextSegment[] = [];
  let end = 0;
  const upTo = (at: number): void => {
    if (at > end) segments.push({ text: characters.slice(end, at).join(""), evidence: null, proof: null });
  };
  for (const number of numbers.toSorted((a, b) => a.at - b.at)) {
    const after = number.at + [...number.text].length;
    const matchesText = characters.slice(number.at, after).join("") === number.text;
    if (!number.evidence || !number.text || number.at < end || !matchesText) continue;
    upTo(number.at);
    segments.push({ text: number.text, evidence: number.evidence, proof: number.proof });
    end = after;
  }
  upTo(characters.length);
  return segments;
}
