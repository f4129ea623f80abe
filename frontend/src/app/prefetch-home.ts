import type { QueryClient } from "@tanstack/react-query";
import { expensesQuery } from "@/features/expenses/api/expense-queries";
import { insightsQuery } from "@/features/insights/api/insights";
import { summaryQuery } from "@/features/summary/api/summary";
import { dailyQuery } from "@/features/summary/api/trends";
import { currentUserQuery } from "@/lib/api/current-user";
import { monthOf, monthRange, todayIn } from "@/lib/dates/months";
import { categoriesQuery } from "@/lib/ledger/categories";
import { selectLedger } from "@/lib/ledger/ledger";

interface HomeParams {
  month?: string | undefined;
  ledger?: string | undefined;
}

/** Prefetches the overview's data while its code loads. Nothing waits for the result. */
export function prefetchHome(queries: QueryClient, { month, ledger: id }: HomeParams): void {
  const user = queries.getQueryData(currentUserQuery.queryKey);
  if (!user) return;
  const ledger = selectLedger(user, id);
  const range = monthRange(month ?? monthOf(todayIn(ledger.timeZone)));
  void queries.prefetchQuery(summaryQuery(ledger, range));
  void queries.prefetchQuery(dailyQuery(ledger, range));
  void queries.prefetchQuery(categoriesQuery(ledger));
  void queries.prefetchQuery(insightsQuery(ledger));
  void queries.prefetchInfiniteQuery(expensesQuery(ledger, range));
}
