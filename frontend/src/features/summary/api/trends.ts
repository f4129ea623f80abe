import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import * as v from "valibot";
import { type ResponseBody, api, read } from "@/lib/api/client";
import type { DateRange } from "@/lib/dates/months";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type Trends = ResponseBody<"/api/v1/trends", "get">;

const totals = v.array(v.string());
const Schema: v.GenericSchema<unknown, Trends> = v.object({
  from: v.string(),
  to: v.string(),
  by: v.picklist(["day", "week", "month"]),
  currency: v.string(),
  buckets: totals,
  series: v.array(v.object({ category: v.string(), category_id: v.string(), totals })),
  totals,
  revision: v.number(),
});

/** The spending on each day of a range, by category. */
export function dailyQuery(ledger: Ledger, range: DateRange) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "trends", "day", range],
    queryFn: ({ signal }) =>
      read(
        Schema,
        api.GET("/api/v1/trends", { params: { query: { ...ledgerParams(ledger), ...range, by: "day" } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}
