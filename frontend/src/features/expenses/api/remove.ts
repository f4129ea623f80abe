import { useMutation, useQueryClient } from "@tanstack/react-query";
import { actionOf, api, done, readTagged } from "@/lib/api/client";
import { Problem } from "@/lib/api/problems";
import { ledgerKey, ledgerQuery, useLedger } from "@/lib/ledger/ledger";
import { type Expense, ExpenseShape } from "./shapes";

const CHANGED = 412;

/** Removes an expense, provided that it is still as it was seen: nobody deletes what they have not looked at. */
export function useRemoveExpense() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (seen: Expense) => {
      const params = { path: { expense_id: seen.id }, query: ledgerQuery(ledger) };
      const now = await readTagged(ExpenseShape, api.GET("/api/v1/expenses/{expense_id}", { params }));
      if (!isSame(now.body, seen)) throw new Problem(CHANGED, null);
      const headers = now.etag ? { "If-Match": now.etag } : {};
      return actionOf(await done(api.DELETE("/api/v1/expenses/{expense_id}", { params, headers })));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ledgerKey(ledger) }),
  });
}

function isSame(one: Expense, other: Expense): boolean {
  const fields = ["amount", "currency", "category_id", "merchant", "note", "spent_on"] as const;
  return fields.every((field) => one[field] === other[field]);
}
