import type { Evidence, Insight } from "./api/insights";

/** A segment of an insight's text. A number that can be proven has its evidence. */
export interface TextSegment {
  text: string;
  evidence: Evidence | null;
  /** What the linked list proves: its sum, its count, or the basis of the computation. */
  proof: Insight["numbers"][number]["proof"];
}

/** Splits the text into segments: each number that is based on payments is its own segment. */
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
