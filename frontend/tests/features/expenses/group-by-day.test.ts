import { expect, it } from "vitest";
import { groupByDay, totalIfComplete } from "@/features/expenses/group-by-day";
import { anExpense } from "../../support/ledger";

const pages = [
  {
    items: [
      anExpense({ spent_on: "2026-11-22", amount: "1.10" }),
      anExpense({ spent_on: "2026-11-22", amount: "2.20" }),
      anExpense({ spent_on: "2026-11-21", amount: "5.00" }),
    ],
    next_cursor: "more",
  },
];

it("groups expenses by day with totals", () => {
  expect(groupByDay(pages, "EUR").map(({ date, total }) => [date, total])).toEqual([
    ["2026-11-22", "3.30"],
    ["2026-11-21", null],
  ]);
});

it("totals the last day once the list is complete", () => {
  const finished = [...pages, { items: [anExpense({ spent_on: "2026-11-21", amount: "0.50" })], next_cursor: null }];
  expect(groupByDay(finished, "EUR").at(-1)?.total).toBe("5.50");
  expect(totalIfComplete(finished)).toEqual({ count: 4, total: "8.80", currency: "EUR" });
});

it("never totals different currencies or an incomplete list", () => {
  const mixed = [{ items: [anExpense(), anExpense({ currency: "GBP" })], next_cursor: null }];
  expect(groupByDay(mixed, "EUR")[0]?.total).toBeNull();
  expect(totalIfComplete(mixed)).toBeNull();
  expect(totalIfComplete(pages)).toBeNull();
});
