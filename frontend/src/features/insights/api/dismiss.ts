import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, done } from "@/lib/api/client";
import { ledgerQuery, useLedger } from "@/lib/ledger/ledger";
import { type Insights, insightsKey } from "./insights";

/** Keeps an insight away. It goes at once, and comes back if the server would not have it. */
export function useDismiss() {
  const ledger = useLedger();
  const queries = useQueryClient();
  const queryKey = insightsKey(ledger);
  return useMutation({
    mutationFn: (id: string) =>
      done(api.POST("/api/v1/insights/{id}/dismiss", { params: { path: { id }, query: ledgerQuery(ledger) } })),
    onMutate: async (id) => {
      await queries.cancelQueries({ queryKey });
      queries.setQueryData<Insights>(queryKey, (seen) => seen && { ...seen, items: seen.items.filter((item) => item.id !== id) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}

/** Takes a dismissal back. */
export function useRestore() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      done(api.DELETE("/api/v1/insights/{id}/dismiss", { params: { path: { id }, query: ledgerQuery(ledger) } })),
    onSettled: () => queries.invalidateQueries({ queryKey: insightsKey(ledger) }),
  });
}
