import type { Ledger } from "@/lib/ledger/ledger";
import type { Expense } from "@/features/expenses/api/expense";

/** A personal ledger in Ireland. */
export const LEDGER: Ledger = {
  id: "0198f000-0000-7000-8000-000000000001",
  name: "Personal",
  role: "owner",
  currency: "EUR",
  timeZone: "Europe/Dublin",
  locale: "en-IE",
  personal: true,
};

let expenseCount = 0;

/** An expense; `part` holds the fields that matter to a test. */
export function anExpense(part: Partial<Expense> = {}): Expense {
  expenseCount += 1;
  return {
    id: `0198f000-0000-7000-8000-${String(expenseCount).padStart(12, "0")}`,
    amount: "12.50",
    currency: "EUR",
    category: "Food",
    category_id: "0198f000-0000-7000-9000-000000000001",
    merchant: null,
    note: null,
    spent_on: "2026-11-22",
    tags: [],
    ...part,
  };
}
