import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, read } from "@/lib/api/client";
import type { Span } from "@/lib/dates/months";
import { type Ledger, ledgerKey, ledgerQuery } from "@/lib/ledger/ledger";

export type Trends = Answer<"/api/v1/trends", "get">;

const totals = v.array(v.string());
const Shape: v.GenericSchema<unknown, Trends> = v.object({
  from: v.string(),
  to: v.string(),
  by: v.picklist(["day", "week", "month"]),
  currency: v.string(),
  buckets: totals,
  series: v.array(v.object({ category: v.string(), category_id: v.string(), totals })),
  totals,
  revision: v.number(),
});

/** What was spent on each day of a span, by category. */
export function dailyQuery(ledger: Ledger, span: Span) {
  return queryOptions({
    queryKey: [...ledgerKey(ledger), "trends", "day", span],
    queryFn: ({ signal }) =>
      read(
        Shape,
        api.GET("/api/v1/trends", { params: { query: { ...ledgerQuery(ledger), ...span, by: "day" } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}
