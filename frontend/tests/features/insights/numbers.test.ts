import { expect, it } from "vitest";
import { stretchesOf } from "@/features/insights/numbers";

const march = { from: "2026-03-01", to: "2026-03-31" };
const number = (text: string, evidence: Record<string, string> | null) => ({ name: "f1", text, value: "0", unit: "EUR", evidence });

it("makes each number that rests on payments a stretch of its own", () => {
  const text = "Food came to €40.00, which is 20 % of €200.00.";
  const numbers = [number("€200.00", march), number("€40.00", { ...march, category: "food" }), number("20 %", null)];
  expect(stretchesOf({ text, numbers })).toEqual([
    { text: "Food came to ", evidence: null },
    { text: "€40.00", evidence: { ...march, category: "food" } },
    { text: ", which is 20 % of ", evidence: null },
    { text: "€200.00", evidence: march },
    { text: ".", evidence: null },
  ]);
});

it("never changes the text, whatever the numbers say", () => {
  const text = "5 of 5 days.";
  for (const numbers of [[], [number("7", march)], [number("", march)], [number("5", march), number("5", march)]]) {
    const joined = stretchesOf({ text, numbers }).map((stretch) => stretch.text);
    expect(joined.join("")).toBe(text);
  }
});
