import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, readWritten, type Tagged } from "@/lib/api/client";
import { ledgerKey, ledgerQuery, useLedger } from "@/lib/ledger/ledger";
import type { NewExpense } from "./record";
import { type Expense, ExpenseShape } from "./shapes";

export interface Correction {
  seen: Tagged<Expense>;
  changes: Partial<NewExpense>;
}

/** Corrects an expense, provided that it is still as it was seen: else a Problem with status 412. */
export function useCorrectExpense() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ seen, changes }: Correction) =>
      readWritten(
        ExpenseShape,
        api.PATCH("/api/v1/expenses/{expense_id}", {
          params: {
            path: { expense_id: seen.body.id },
            query: ledgerQuery(ledger),
          },
          headers: seen.etag ? { "If-Match": seen.etag } : {},
          body: changes,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ledgerKey(ledger) }),
  });
}
