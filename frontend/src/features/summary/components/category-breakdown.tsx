import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { type Month, monthsAway, spanOf } from "@/lib/dates/months";
import { tintsOf, useCategories } from "@/lib/ledger/categories";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { LoadFault } from "@/ui/faults";
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

/** The month by day and by category: a picture, and the table that says the same in figures. */
export function CategoryBreakdown({ month, linkTo }: CategoryBreakdownProps) {
  const { t } = useLingui();
  const ledger = useLedger();
  const formats = useFormats();
  const span = spanOf(month);
  const summary = useQuery(summaryQuery(ledger, span));
  const daily = useQuery(dailyQuery(ledger, span));
  const before = useQuery(dailyQuery(ledger, spanOf(monthsAway(month, -1))));
  const tints = tintsOf(useCategories());
  const [lit, setLit] = useState<string | null>(null);
  const name = formats.month(month);

  if (summary.data?.count === 0) return <Nothing />;
  return (
    <section className={styles.section} aria-label={t`Where it went`}>
      <h2 className={styles.title}>
        <Trans>Where it went</Trans>
      </h2>
      <div className={styles.chart}>
        {daily.isError && !daily.data ? (
          <LoadFault error={daily.error} onRetry={() => void daily.refetch()} />
        ) : (
          <Suspense fallback={<Skeleton height="100%" />}>
            {daily.data ? (
              <MonthChart
                trends={daily.data}
                before={isWorthShowing(before.data) ? before.data : undefined}
                tints={tints}
                lit={lit}
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
        <CategoryTable summary={summary.data} tints={tints} onLight={setLit} linkTo={linkTo} />
      )}
    </section>
  );
}

/** A month without a single expense makes no line to compare with. */
function isWorthShowing(trends: Trends | undefined): boolean {
  return trends !== undefined && trends.series.length > 0;
}

function Nothing() {
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
