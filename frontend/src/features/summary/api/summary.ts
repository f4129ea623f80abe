import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { api, readFigures } from "@/lib/api/client";
import { SummarySchema } from "@/lib/api/schemas/summary.gen";
import type { DateRange } from "@/lib/dates/months";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type Summary = InferOutput<typeof SummarySchema> & { isOutdated: boolean };
export type CategoryTotal = Summary["categories"][number];

/** The spending in a range of days, in total and by category. */
export function summaryQuery(ledger: Ledger, range: DateRange) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "summary", range],
    queryFn: ({ signal }) =>
      readFigures(
        SummarySchema,
        api.GET("/api/v1/summary", { params: { query: { ...ledgerParams(ledger), ...range } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}
