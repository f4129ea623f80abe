import { formatForInput } from "@/lib/money/format";
import { parseAmount } from "@/lib/money/parse";
import type { NewExpense } from "./api/record-expense";
import type { Expense } from "./api/expense";

/** An expense in a form, as typed. */
export interface Draft {
  amount: string;
  category: string;
  merchant: string;
  note: string;
  spent_on: string;
}

export const DRAFT_FIELDS = ["amount", "category", "merchant", "note", "spent_on"] as const;

export function emptyDraft(spentOn: string): Draft {
  return { amount: "", category: "", merchant: "", note: "", spent_on: spentOn };
}

export function toDraft(expense: Expense, locale: string): Draft {
  return {
    amount: formatForInput(expense.amount, expense.currency, locale),
    category: expense.category,
    merchant: expense.merchant ?? "",
    note: expense.note ?? "",
    spent_on: expense.spent_on,
  };
}

/** Converts a draft to the API's format. The form must have validated it. */
export function toNewExpense(draft: Draft, locale: string, currency: string): NewExpense {
  const parsed = parseAmount(draft.amount, locale, currency);
  return {
    amount: parsed.ok ? parsed.amount : draft.amount,
    category: draft.category.trim(),
    merchant: draft.merchant.trim() || null,
    note: draft.note.trim() || null,
    spent_on: draft.spent_on,
  };
}

/** Returns only the changed fields. */
export function changesFrom(original: Expense, draft: Draft, locale: string): Partial<NewExpense> {
  const next = toNewExpense(draft, locale, original.currency);
  const before = toNewExpense(toDraft(original, locale), locale, original.currency);
  const changed = DRAFT_FIELDS.filter((field) => next[field] !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, next[field]]));
}
