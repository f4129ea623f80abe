import type { ResponseBody } from "@/lib/api/client";

export type Expense = ResponseBody<"/api/v1/expenses/{expense_id}", "get">;
export type ExpensePage = ResponseBody<"/api/v1/expenses", "get">;
