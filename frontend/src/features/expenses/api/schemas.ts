import * as v from "valibot";
import type { ResponseBody } from "@/lib/api/client";

export type Expense = ResponseBody<"/api/v1/expenses/{expense_id}", "get">;
export type ExpensePage = ResponseBody<"/api/v1/expenses", "get">;

const text = v.nullable(v.string());

export const ExpenseSchema: v.GenericSchema<unknown, Expense> = v.object({
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

export const ExpensePageSchema: v.GenericSchema<unknown, ExpensePage> = v.object({
  items: v.array(ExpenseSchema),
  next_cursor: text,
});
