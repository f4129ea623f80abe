import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, readWriteResult } from "@/lib/api/client";
import { ExpenseSchema } from "@/lib/api/schemas/expense.gen";
import { randomId } from "@/lib/ids";
import { ledgerQueryKey, ledgerParams, useLedger } from "@/lib/ledger/ledger";

export interface NewExpense {
  amount: string;
  category: string;
  merchant: string | null;
  note: string | null;
  spent_on: string;
}

/** Records an expense. A repeated submission after a lost response is recorded only once. */
export function useRecordExpense() {
  const ledger = useLedger();
  const queries = useQueryClient();
  const idempotencyKey = useIdempotencyKey();
  return useMutation({
    mutationFn: (expense: NewExpense) =>
      readWriteResult(
        ExpenseSchema,
        api.POST("/api/v1/expenses", {
          params: { query: ledgerParams(ledger) },
          headers: { "Idempotency-Key": idempotencyKey.keyFor(expense) },
          body: expense,
        }),
      ),
    onSuccess: () => {
      idempotencyKey.clear();
      void queries.invalidateQueries({ queryKey: ledgerQueryKey(ledger) });
    },
  });
}

/** Keeps one idempotency key per expense until it is saved, so that a retry sends the same key. */
function useIdempotencyKey() {
  const last = useRef<{ body: string; key: string } | null>(null);
  return {
    keyFor(expense: NewExpense): string {
      const body = JSON.stringify(expense);
      if (last.current?.body !== body) last.current = { body, key: randomId() };
      return last.current.key;
    },
    clear(): void {
      last.current = null;
    },
  };
}
