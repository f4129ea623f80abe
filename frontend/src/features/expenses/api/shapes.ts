import * as v from "valibot";
import type { Answer } from "@/lib/api/client";

export type Expense = Answer<"/api/v1/expenses/{expense_id}", "get">;
export type ExpensePage = Answer<"/api/v1/expenses", "get">;

const text = v.nullable(v.string());

export const ExpenseShape: v.GenericSchema<unknown, Expense> = v.object({
  id: v.string(),
  amount: v.string(),
  currency: v.string(),
  category: v.string(),
  category_id: v.string(),
  merchant: text,
  note: text,
  spent_on: v.string(),
  tags: v.array(v.string()),
});

export const ExpensePageShape: v.GenericSchema<unknown, ExpensePage> = v.object({
  items: v.array(ExpenseShape),
  next_cursor: text,
});
