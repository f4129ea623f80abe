import { type InvalidateQueryFilters, type Query, queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, read } from "@/lib/api/client";
import { type Ledger, ledgerKey, ledgerQuery } from "@/lib/ledger/ledger";

type FromApi = Answer<"/api/v1/insights", "get">;

/** What the app shows of an insight. */
export type Insight = Pick<FromApi["items"][number], "id" | "text" | "direction" | "evidence" | "numbers" | "formula" | "sent">;
export type Insights = Pick<FromApi, "status" | "revision"> & { changed_since: number; computed_at: string | null; items: Insight[] };

/** The filter of the list that holds exactly the payments behind an insight or a number. */
export type Evidence = Insight["evidence"];

const filter = v.record(v.string(), v.string());
const Shape: v.GenericSchema<unknown, Insights> = v.object({
  status: v.picklist(["current", "updating", "stale", "none"]),
  revision: v.number(),
  changed_since: v.number(),
  computed_at: v.nullable(v.string()),
  items: v.array(
    v.object({
      id: v.string(),
      text: v.string(),
      direction: v.picklist(["up", "down", "flat", "none"]),
      evidence: filter,
      numbers: v.array(
        v.object({
          name: v.string(),
          text: v.string(),
          at: v.number(),
          value: v.string(),
          unit: v.string(),
          evidence: v.nullable(filter),
          proof: v.nullable(v.picklist(["sum", "count", "basis"])),
        }),
      ),
      formula: v.string(),
      sent: v.nullable(v.string()),
    }),
  ),
});

const ASK_AGAIN_MS = 4000;

/** What is worth knowing. New ones are announced live; while some are being worked out we also ask. */
export function insightsQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: insightsKey(ledger),
    queryFn: ({ signal }) => read(Shape, api.GET("/api/v1/insights", { params: { query: ledgerQuery(ledger) }, signal })),
    refetchInterval: (query) => (query.state.data?.status === "updating" ? ASK_AGAIN_MS : false),
  });
}

/** Finds what was fetched of a ledger's insights, unless it is the very set that was stored at a moment. */
export function otherInsights(ledger: Pick<Ledger, "id">, computedAt: string): InvalidateQueryFilters {
  const isOther = (query: Query): boolean => (query.state.data as Insights | undefined)?.computed_at !== computedAt;
  return { queryKey: insightsKey(ledger), predicate: isOther };
}

export function insightsKey(ledger: Pick<Ledger, "id">) {
  return [...ledgerKey(ledger), "insights"] as const;
}
