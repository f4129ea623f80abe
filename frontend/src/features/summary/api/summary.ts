import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, readFigures } from "@/lib/api/client";
import type { DateRange } from "@/lib/dates/months";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

type SummaryResponse = ResponseBody<"/api/v1/summary", "get">;
export type CategoryTotal = SummaryResponse["categories"][number];
export type Summary = SummaryResponse & { isOutdated: boolean };

const Schema: v.GenericSchema<unknown, SummaryResponse> = v.object({
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

/** The spending in a range of days, in total and by category. */
export function summaryQuery(ledger: Ledger, range: DateRange) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "summary", range],
    queryFn: ({ signal }) =>
      readFigures(
        Schema,
        api.GET("/api/v1/summary", { params: { query: { ...ledgerParams(ledger), ...range } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}
