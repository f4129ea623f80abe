import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { api, read } from "@/lib/api/client";
import { type Ledger, ledgerKey, ledgerQuery, useLedger } from "@/lib/ledger/ledger";

const Shape = v.object({
  model: v.nullable(v.object({ name: v.string(), place: v.string() })),
  allowed: v.boolean(),
  budget: v.nullable(
    v.object({ tokens: v.number(), most_tokens: v.nullable(v.number()), cost: v.string(), most_cost: v.nullable(v.string()) }),
  ),
  presets: v.array(v.object({ name: v.string(), base_url: v.string(), needs_key: v.boolean(), example: v.string() })),
});

export type ModelSettings = v.InferOutput<typeof Shape>;
export type Preset = ModelSettings["presets"][number];

/** Whether a model may be told of this ledger, where it is, and what it used today. */
export function modelQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: modelKey(ledger),
    queryFn: ({ signal }) =>
      read(Shape, api.GET("/api/v1/insights/settings", { params: { query: ledgerQuery(ledger) }, signal })),
  });
}

/** Says yes to the place that is on screen, or no. */
export function useAllowModel() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (said: { allowed: boolean; place: string }) =>
      read(Shape, api.PUT("/api/v1/insights/settings", { params: { query: ledgerQuery(ledger) }, body: said })),
    onSuccess: (settings) => queries.setQueryData(modelKey(ledger), settings),
    onError: () => void queries.invalidateQueries({ queryKey: modelKey(ledger) }),
  });
}

function modelKey(ledger: Ledger) {
  return [...ledgerKey(ledger), "model"] as const;
}
