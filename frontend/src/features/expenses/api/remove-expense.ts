import { useMutation, useQueryClient } from "@tanstack/react-query";
import { actionFrom, api, ensureOk, readVersioned } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/errors";
import { ExpenseSchema } from "@/lib/api/schemas/expense.gen";
import { ledgerQueryKey, ledgerParams, useLedger } from "@/lib/ledger/ledger";
import type { Expense } from "./expense";

const PRECONDITION_FAILED = 412;

/** Removes an expense if it still equals the version that the user saw. */
export function useRemoveExpense() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (expected: Expense) => {
      const params = { path: { expense_id: expected.id }, query: ledgerParams(ledger) };
      const current = await readVersioned(ExpenseSchema, api.GET("/api/v1/expenses/{expense_id}", { params }));
      if (!isSame(current.body, expected)) throw new ApiProblem(PRECONDITION_FAILED, null);
      const headers = current.etag ? { "If-Match": current.etag } : {};
      return actionFrom(await ensureOk(api.DELETE("/api/v1/expenses/{expense_id}", { params, headers })));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ledgerQueryKey(ledger) }),
  });
}

function isSame(first: Expense, second: Expense): boolean {
  const fields = ["amount", "currency", "category_id", "merchant", "note", "spent_on"] as const;
  return fields.every((field) => first[field] === second[field]);
}
