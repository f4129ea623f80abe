import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { type Month, addMonths, monthRange } from "@/lib/dates/months";
import { tintsOf, useCategories } from "@/lib/ledger/categories";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { LoadError } from "@/ui/errors";
import { Skeleton } from "@/ui/skeleton";
import { summaryQuery } from "../api/summary";
import { dailyQuery, type Trends } from "../api/trends";
import styles from "./category-breakdown.module.css";
import { CategoryTable, type CategoryTableProps } from "./category-table";
import { DailyTable } from "./daily-table";

const MonthChart = lazy(() => import("./month-chart"));

export interface CategoryBreakdownProps {
  month: Month;
  linkTo: CategoryTableProps["linkTo"];
}

/** The month by day and category, as a chart and as tables. */
export function CategoryBreakdown({ month, linkTo }: CategoryBreakdownProps) {
  const { t } = useLingui();
  const ledger = useLedger();
  const formats = useFormats();
  const range = monthRange(month);
  const summary = useQuery(summaryQuery(ledger, range));
  const daily = useQuery(dailyQuery(ledger, range));
  const previousMonth = useQuery(dailyQuery(ledger, monthRange(addMonths(month, -1))));
  const tints = tintsOf(useCategories());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const name = formats.month(month);

  if (summary.data?.count === 0) return <EmptyState />;
  return (
    <section className={styles.section} aria-label={t`Where it went`}>
      <h2 className={styles.title}>
        <Trans>Where it went</Trans>
      </h2>
      <div className={styles.chart}>
        {daily.isError && !daily.data ? (
          <LoadError error={daily.error} onRetry={() => void daily.refetch()} />
        ) : (
          <Suspense fallback={<Skeleton height="100%" />}>
            {daily.data ? (
              <MonthChart
                trends={daily.data}
                previousMonth={hasExpenses(previousMonth.data) ? previousMonth.data : undefined}
                tints={tints}
                highlighted={highlighted}
                label={t`How ${name} added up day by day, by category; the tables below hold the figures.`}
              />
            ) : (
              <Skeleton height="100%" />
            )}
          </Suspense>
        )}
      </div>
      {daily.data ? <DailyTable trends={daily.data} /> : null}
      {summary.isError && !summary.data ? null : (
        <CategoryTable summary={summary.data} tints={tints} onHighlight={setHighlighted} linkTo={linkTo} />
      )}
    </section>
  );
}

/** A month without expenses cannot be compared. */
function hasExpenses(trends: Trends | undefined): boolean {
  return trends !== undefined && trends.series.length > 0;
}

function EmptyState() {
  return (
    <section className={styles.nothing}>
      <h2 className={styles.title}>
        <Trans>Where it went</Trans>
      </h2>
      <p>
        <Trans>Once you write down an expense, you will see here which day it was and what it was for.</Trans>
      </p>
    </section>
  );
}
