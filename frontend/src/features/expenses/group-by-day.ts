import { groupBy } from "@/lib/group-by";
import { sumAmounts } from "@/lib/money/decimals";
import type { Expense, ExpensePage } from "./api/expense";

/** The expenses of one day, with their total if all are loaded and have one currency. */
export interface ExpenseDay {
  date: string;
  expenses: readonly Expense[];
  total: string | null;
}

/** Groups the pages by day. The last day of an incomplete list has no total, as it may continue on the next page. */
export function groupByDay(pages: readonly ExpensePage[], currency: string): ExpenseDay[] {
  const expenses = pages.flatMap((page) => page.items);
  const unfinished = hasMorePages(pages);
  const last = expenses.at(-1)?.spent_on;
  return [...groupBy(expenses, (expense) => expense.spent_on)].map(([date, items]) => ({
    date,
    expenses: items,
    total:
      (unfinished && date === last) || !allInCurrency(items, currency) ? null : sumAmounts(amountsOf(items), currency),
  }));
}

export interface ExpensesTotal {
  count: number;
  total: string;
  currency: string;
}

/** Returns the count and sum of a complete list; null while pages are missing or if currencies differ. */
export function totalIfComplete(pages: readonly ExpensePage[]): ExpensesTotal | null {
  const expenses = pages.flatMap((page) => page.items);
  const currency = expenses[0]?.currency;
  if (!currency || hasMorePages(pages) || !allInCurrency(expenses, currency)) return null;
  return { count: expenses.length, total: sumAmounts(amountsOf(expenses), currency), currency };
}

function hasMorePages(pages: readonly ExpensePage[]): boolean {
  return typeof pages.at(-1)?.next_cursor === "string";
}

function allInCurrency(expenses: readonly Expense[], currency: string): boolean {
  return expenses.every((expense) => expense.currency === currency);
}

function amountsOf(expenses: readonly Expense[]): string[] {
  return expenses.map((expense) => expense.amount);
}
