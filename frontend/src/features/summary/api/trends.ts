import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { api, read } from "@/lib/api/client";
import { TrendsSchema } from "@/lib/api/schemas/trends.gen";
import type { DateRange } from "@/lib/dates/months";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type Trends = InferOutput<typeof TrendsSchema>;

/** The spending on each day of a range, by category. */
export function dailyQuery(ledger: Ledger, range: DateRange) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "trends", "day", range],
    queryFn: ({ signal }) =>
      read(
        TrendsSchema,
        api.GET("/api/v1/trends", { params: { query: { ...ledgerParams(ledger), ...range, by: "day" } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}
