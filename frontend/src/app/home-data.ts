import type { QueryClient } from "@tanstack/react-query";
import { expensesQuery } from "@/features/expenses/api/list";
import { insightsQuery } from "@/features/insights/api/insights";
import { summaryQuery } from "@/features/summary/api/summary";
import { dailyQuery } from "@/features/summary/api/trends";
import { meQuery } from "@/lib/api/me";
import { monthOf, spanOf, todayIn } from "@/lib/dates/months";
import { categoriesQuery } from "@/lib/ledger/categories";
import { ledgerOf } from "@/lib/ledger/ledger";

interface HomePlace {
  month?: string | undefined;
  ledger?: string | undefined;
}

/** Asks for all that the overview shows while its code is still on the way. Nothing waits for it. */
export function startFetchingHome(queries: QueryClient, { month, ledger: id }: HomePlace): void {
  const user = queries.getQueryData(meQuery.queryKey);
  if (!user) return;
  const ledger = ledgerOf(user, id);
  const span = spanOf(month ?? monthOf(todayIn(ledger.timeZone)));
  void queries.prefetchQuery(summaryQuery(ledger, span));
  void queries.prefetchQuery(dailyQuery(ledger, span));
  void queries.prefetchQuery(categoriesQuery(ledger));
  void queries.prefetchQuery(insightsQuery(ledger));
  void queries.prefetchInfiniteQuery(expensesQuery(ledger, span));
}
