import { expect, it } from "vitest";
import { changesFrom, toDraft, toNewExpense } from "@/features/expenses/draft";
import { anExpense } from "../../support/ledger";

it("sends only the corrected fields", () => {
  const original = anExpense({ amount: "12", merchant: "Corner Shop", note: "milk" });
  const draft = toDraft(original, "de-DE");
  expect(draft.amount).toBe("12,00");
  expect(changesFrom(original, draft, "de-DE")).toEqual({});
  expect(changesFrom(original, { ...draft, amount: "13,50", note: " " }, "de-DE")).toEqual({
    amount: "13.50",
    note: null,
  });
});

it("sends plain strings, and null for empty fields", () => {
  const draft = { amount: "3,20", category: " Food ", merchant: "", note: "", spent_on: "2026-11-22" };
  expect(toNewExpense(draft, "de-DE", "EUR")).toEqual({
    amount: "3.20",
    category: "Food",
    merchant: null,
    note: null,
    spent_on: "2026-11-22",
  });
});
