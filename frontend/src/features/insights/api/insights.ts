import { type InvalidateQueryFilters, type Query, queryOptions } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { api, read } from "@/lib/api/client";
import { InsightsSchema } from "@/lib/api/schemas/insights.gen";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type Insights = InferOutput<typeof InsightsSchema>;
export type Insight = Insights["items"][number];
/** The list filter of exactly the payments behind an insight or a number. */
export type Evidence = Insight["evidence"];

const POLL_INTERVAL_MS = 4000;

/** The ledger's insights. New ones are announced live; while the server computes some, the app also polls. */
export function insightsQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: insightsKey(ledger),
    queryFn: ({ signal }) =>
      read(InsightsSchema, api.GET("/api/v1/insights", { params: { query: ledgerParams(ledger) }, signal })),
    refetchInterval: (query) => (query.state.data?.status === "updating" ? POLL_INTERVAL_MS : false),
  });
}

/** Selects a ledger's cached insights, except the set that was stored at `computedAt`. */
export function outdatedInsights(ledger: Pick<Ledger, "id">, computedAt: string): InvalidateQueryFilters {
  const isOutdated = (query: Query): boolean => (query.state.data as Insights | undefined)?.computed_at !== computedAt;
  return { queryKey: insightsKey(ledger), predicate: isOutdated };
}

export function insightsKey(ledger: Pick<Ledger, "id">) {
  return [...ledgerQueryKey(ledger), "insights"] as const;
}
