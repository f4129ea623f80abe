import { queryOptions } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { api, read } from "@/lib/api/client";
import { ModelCallSchema } from "@/lib/api/schemas/model-call.gen";
import { ModelCallsSchema } from "@/lib/api/schemas/model-calls.gen";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type ModelCall = InferOutput<typeof ModelCallSchema>;

/** The exact content of one model call, which never changes. */
export function modelCallQuery(ledger: Ledger, call: string) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "sent", call],
    queryFn: ({ signal }) =>
      read(
        ModelCallSchema,
        api.GET("/api/v1/insights/sent/{call}", { params: { path: { call }, query: ledgerParams(ledger) }, signal }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The recent model calls, newest first. */
export function recentModelCallsQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "sent"],
    queryFn: ({ signal }) =>
      read(ModelCallsSchema, api.GET("/api/v1/insights/sent", { params: { query: ledgerParams(ledger) }, signal })),
  });
}
