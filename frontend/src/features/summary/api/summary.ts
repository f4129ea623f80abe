import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, readFigures } from "@/lib/api/client";
import type { Span } from "@/lib/dates/months";
import { type Ledger, ledgerKey, ledgerQuery } from "@/lib/ledger/ledger";

type FromApi = Answer<"/api/v1/summary", "get">;
export type CategoryTotal = FromApi["categories"][number];
export type Summary = FromApi & { older: boolean };

const Shape: v.GenericSchema<unknown, FromApi> = v.object({
  from: v.string(),
  to: v.string(),
  currency: v.string(),
  total: v.string(),
  count: v.number(),
  categories: v.array(
    v.object({
      category: v.string(),
      category_id: v.string(),
      total: v.string(),
      count: v.number(),
      share: v.nullable(v.string()),
    }),
  ),
  other: v.array(v.object({ currency: v.string(), total: v.string(), count: v.number() })),
  revision: v.number(),
});

/** What was spent in a span of days, in all and by category. */
export function summaryQuery(ledger: Ledger, span: Span) {
  return queryOptions({
    queryKey: [...ledgerKey(ledger), "summary", span],
    queryFn: ({ signal }) =>
      readFigures(Shape, api.GET("/api/v1/summary", { params: { query: { ...ledgerQuery(ledger), ...span } }, signal })),
    placeholderData: keepPreviousData,
  });
}
