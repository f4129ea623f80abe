import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, readWritten } from "@/lib/api/client";
import { randomId } from "@/lib/ids";
import { ledgerKey, ledgerQuery, useLedger } from "@/lib/ledger/ledger";
import { ExpenseShape } from "./shapes";

export interface NewExpense {
  amount: string;
  category: string;
  merchant: string | null;
  note: string | null;
  spent_on: string;
}

/** Records an expense. Sent twice, because no answer came the first time, it is still recorded once. */
export function useRecordExpense() {
  const ledger = useLedger();
  const queries = useQueryClient();
  const keyOf = useIdempotencyKey();
  return useMutation({
    mutationFn: (expense: NewExpense) =>
      readWritten(
        ExpenseShape,
        api.POST("/api/v1/expenses", {
          params: { query: ledgerQuery(ledger) },
          headers: { "Idempotency-Key": keyOf.take(expense) },
          body: expense,
        }),
      ),
    onSuccess: () => {
      keyOf.spent();
      void queries.invalidateQueries({ queryKey: ledgerKey(ledger) });
    },
  });
}

/** One key per submission: the same one while the same expense is tried again, a new one once it is through. */
function useIdempotencyKey() {
  const last = useRef<{ body: string; key: string } | null>(null);
  return {
    take(expense: NewExpense): string {
      const body = JSON.stringify(expense);
      if (last.current?.body !== body) last.current = { body, key: randomId() };
      return last.current.key;
    },
    spent(): void {
      last.current = null;
    },
  };
}
