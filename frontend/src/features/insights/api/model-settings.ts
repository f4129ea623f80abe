import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { api, read } from "@/lib/api/client";
import { type Ledger, ledgerQueryKey, ledgerParams, useLedger } from "@/lib/ledger/ledger";

const Schema = v.object({
  model: v.nullable(v.object({ name: v.string(), place: v.string() })),
  allowed: v.boolean(),
  budget: v.nullable(
    v.object({
      tokens: v.number(),
      most_tokens: v.nullable(v.number()),
      cost: v.string(),
      most_cost: v.nullable(v.string()),
    }),
  ),
  presets: v.array(v.object({ name: v.string(), base_url: v.string(), needs_key: v.boolean(), example: v.string() })),
});

export type ModelSettings = v.InferOutput<typeof Schema>;
export type Preset = ModelSettings["presets"][number];

/** The consent to the model for this ledger, its host, and today's usage. */
export function modelQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: modelKey(ledger),
    queryFn: ({ signal }) =>
      read(Schema, api.GET("/api/v1/insights/settings", { params: { query: ledgerParams(ledger) }, signal })),
  });
}

/** Gives or withdraws consent to the host that is shown. */
export function useSetModelConsent() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (consent: { allowed: boolean; place: string }) =>
      read(Schema, api.PUT("/api/v1/insights/settings", { params: { query: ledgerParams(ledger) }, body: consent })),
    onSuccess: (settings) => queries.setQueryData(modelKey(ledger), settings),
    onError: () => void queries.invalidateQueries({ queryKey: modelKey(ledger) }),
  });
}

function modelKey(ledger: Ledger) {
  return [...ledgerQueryKey(ledger), "model"] as const;
}
