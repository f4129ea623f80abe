import { groupBy } from "@/lib/groups";
import { sum } from "@/lib/money/decimals";
import type { Expense, ExpensePage } from "./api/shapes";

/** The expenses of one day, with their sum where all of them are here and in one currency. */
export interface Day {
  date: string;
  expenses: readonly Expense[];
  total: string | null;
}

/** Pages as days. The last day of an unfinished list may go on, on the next page: it has no sum yet. */
export function daysOf(pages: readonly ExpensePage[], currency: string): Day[] {
  const expenses = pages.flatMap((page) => page.items);
  const unfinished = goesOn(pages);
  const last = expenses.at(-1)?.spent_on;
  return [...groupBy(expenses, (expense) => expense.spent_on)].map(([date, found]) => ({
    date,
    expenses: found,
    total: (unfinished && date === last) || !allIn(found, currency) ? null : sum(amountsOf(found), currency),
  }));
}

export interface Total {
  count: number;
  total: string;
  currency: string;
}

/** Count and sum of a list that is here to its end; null while more is to come, and where currencies differ. */
export function totalOf(pages: readonly ExpensePage[]): Total | null {
  const expenses = pages.flatMap((page) => page.items);
  const currency = expenses[0]?.currency;
  if (!currency || goesOn(pages) || !allIn(expenses, currency)) return null;
  return { count: expenses.length, total: sum(amountsOf(expenses), currency), currency };
}

function goesOn(pages: readonly ExpensePage[]): boolean {
  return typeof pages.at(-1)?.next_cursor === "string";
}

function allIn(expenses: readonly Expense[], currency: string): boolean {
  return expenses.every((expense) => expense.currency === currency);
}

function amountsOf(expenses: readonly Expense[]): string[] {
  return expenses.map((expense) => expense.amount);
}
