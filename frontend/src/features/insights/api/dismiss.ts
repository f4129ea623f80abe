import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureOk } from "@/lib/api/client";
import { ledgerParams, useLedger } from "@/lib/ledger/ledger";
import { type Insights, insightsKey } from "./insights";

/** Dismisses an insight. It disappears at once, and reappears if the server refuses. */
export function useDismissInsight() {
  const ledger = useLedger();
  const queries = useQueryClient();
  const queryKey = insightsKey(ledger);
  return useMutation({
    mutationFn: (id: string) =>
      ensureOk(api.POST("/api/v1/insights/{id}/dismiss", { params: { path: { id }, query: ledgerParams(ledger) } })),
    onMutate: async (id) => {
      await queries.cancelQueries({ queryKey });
      queries.setQueryData<Insights>(
        queryKey,
        (cached) => cached && { ...cached, items: cached.items.filter((item) => item.id !== id) },
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}

/** Restores a dismissed insight. */
export function useRestoreInsight() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      ensureOk(api.DELETE("/api/v1/insights/{id}/dismiss", { params: { path: { id }, query: ledgerParams(ledger) } })),
    onSettled: () => queries.invalidateQueries({ queryKey: insightsKey(ledger) }),
  });
}
