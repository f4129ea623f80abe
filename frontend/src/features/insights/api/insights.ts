import { type InvalidateQueryFilters, type Query, queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, read } from "@/lib/api/client";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

type InsightsResponse = ResponseBody<"/api/v1/insights", "get">;

/** The part of an insight that the app shows. */
export type Insight = Pick<
  InsightsResponse["items"][number],
  "id" | "text" | "direction" | "evidence" | "numbers" | "formula" | "sent"
>;
export type Insights = Pick<InsightsResponse, "status" | "revision"> & {
  changed_since: number;
  computed_at: string | null;
  items: Insight[];
};

/** The list filter of exactly the payments behind an insight or a number. */
export type Evidence = Insight["evidence"];

const EvidenceSchema = v.record(v.string(), v.string());
const Schema: v.GenericSchema<unknown, Insights> = v.object({
  status: v.picklist(["current", "updating", "stale", "none"]),
  revision: v.number(),
  changed_since: v.number(),
  computed_at: v.nullable(v.string()),
  items: v.array(
    v.object({
      id: v.string(),
      text: v.string(),
      direction: v.picklist(["up", "down", "flat", "none"]),
      evidence: EvidenceSchema,
      numbers: v.array(
        v.object({
          name: v.string(),
          text: v.string(),
          at: v.number(),
          value: v.string(),
          unit: v.string(),
          evidence: v.nullable(EvidenceSchema),
          proof: v.nullable(v.picklist(["sum", "count", "basis"])),
        }),
      ),
      formula: v.string(),
      sent: v.nullable(v.string()),
    }),
  ),
});

const POLL_INTERVAL_MS = 4000;

/** The ledger's insights. New ones are announced live; while the server computes some, the app also polls. */
export function insightsQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: insightsKey(ledger),
    queryFn: ({ signal }) =>
      read(Schema, api.GET("/api/v1/insights", { params: { query: ledgerParams(ledger) }, signal })),
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
