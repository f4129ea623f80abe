import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, readWriteResult, type Versioned } from "@/lib/api/client";
import { ExpenseSchema } from "@/lib/api/schemas/expense.gen";
import { ledgerQueryKey, ledgerParams, useLedger } from "@/lib/ledger/ledger";
import type { NewExpense } from "./record-expense";
import type { Expense } from "./expense";

export interface Correction {
  original: Versioned<Expense>;
  changes: Partial<NewExpense>;
}

/** Corrects an expense if it is unchanged since it was read; otherwise throws an ApiProblem with status 412. */
export function useCorrectExpense() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ original, changes }: Correction) =>
      readWriteResult(
        ExpenseSchema,
        api.PATCH("/api/v1/expenses/{expense_id}", {
          params: {
            path: { expense_id: original.body.id },
            query: ledgerParams(ledger),
          },
          headers: original.etag ? { "If-Match": original.etag } : {},
          body: changes,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ledgerQueryKey(ledger) }),
  });
}
