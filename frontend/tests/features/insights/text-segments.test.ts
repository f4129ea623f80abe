import { expect, it } from "vitest";
import { textSegments } from "@/features/insights/text-segments";

const march = { from: "2026-03-01", to: "2026-03-31" };

/** A number at its position after `before`. */
function number(text: string, before: string, evidence: Record<string, string> | null) {
  return {
    name: "f1",
    text,
    at: [...before].length,
    value: "0",
    unit: "EUR",
    evidence,
    proof: evidence && ("sum" as const),
  };
}

it("makes each number that is based on payments its own segment", () => {
  const text = "Food came to €40.00, which is 20 % of €200.00.";
  const food = { ...march, category: "food" };
  const numbers = [
    number("€200.00", "Food came to €40.00, which is 20 % of ", march),
    number("€40.00", "Food came to ", food),
    number("20 %", "Food came to €40.00, which is ", null),
  ];
  expect(textSegments({ text, numbers })).toEqual([
    { text: "Food came to ", evidence: null, proof: null },
    { text: "€40.00", evidence: food, proof: "sum" },
    { text: ", which is 20 % of ", evidence: null, proof: null },
    { text: "€200.00", evidence: march, proof: "sum" },
    { text: ".", evidence: null, proof: null },
  ]);
});

it("finds a number at its position, not at the first occurrence of its digits", () => {
  const text = "😀 Shop 22 was paid on 2 March, 2 times.";
  const [before, count] = textSegments({ text, numbers: [number("2", "😀 Shop 22 was paid on 2 March, ", march)] });
  expect(before?.text).toBe("😀 Shop 22 was paid on 2 March, ");
  expect(count).toMatchObject({ text: "2", evidence: march });
});

it("never changes the text, even with invalid numbers", () => {
  const text = "5 of 5 days.";
  const invalid = [number("7", "", march), number("", "", march), number("5", "5 of 5 days. And more", march)];
  for (const numbers of [[], ...invalid.map((each) => [each]), [number("5", "", march), number("5", "", march)]]) {
    const joined = textSegments({ text, numbers }).map((segment) => segment.text);
    expect(joined.join("")).toBe(text);
  }
});
