import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ResponseBody, api, read } from "@/lib/api/client";
import { ModelSettingsOutSchema } from "@/lib/api/schemas/model-settings-out.gen";
import { type Ledger, ledgerQueryKey, ledgerParams, useLedger } from "@/lib/ledger/ledger";

export type ModelSettings = ResponseBody<"/api/v1/insights/settings", "get">;
export type Preset = ModelSettings["presets"][number];

/** The consent to the model for this ledger, its host, and today's usage. */
export function modelQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: modelKey(ledger),
    queryFn: ({ signal }) =>
      read(
        ModelSettingsOutSchema,
        api.GET("/api/v1/insights/settings", { params: { query: ledgerParams(ledger) }, signal }),
      ),
  });
}

/** Gives or withdraws consent to the host that is shown. */
export function useSetModelConsent() {
  const ledger = useLedger();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (consent: { allowed: boolean; place: string }) =>
      read(
        ModelSettingsOutSchema,
        api.PUT("/api/v1/insights/settings", { params: { query: ledgerParams(ledger) }, body: consent }),
      ),
    onSuccess: (settings) => queries.setQueryData(modelKey(ledger), settings),
    onError: () => void queries.invalidateQueries({ queryKey: modelKey(ledger) }),
  });
}

function modelKey(ledger: Ledger) {
  return [...ledgerQueryKey(ledger), "model"] as const;
}
