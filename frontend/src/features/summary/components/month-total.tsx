import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type Month, monthRange } from "@/lib/dates/months";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { Callout } from "@/ui/callout";
import { LoadError } from "@/ui/errors";
import { Skeleton } from "@/ui/skeleton";
import { type Summary, summaryQuery } from "../api/summary";
import { AuditStatus } from "./audit-status";
import styles from "./month-total.module.css";

/** The month's total. */
export function MonthTotal({ month }: { month: Month }) {
  const summary = useQuery(summaryQuery(useLedger(), monthRange(month)));
  if (summary.isError && !summary.data) {
    return <LoadError error={summary.error} onRetry={() => void summary.refetch()} />;
  }
  return summary.data ? <Figures summary={summary.data} dimmed={summary.isPlaceholderData} /> : <LoadingSkeleton />;
}

function Figures({ summary, dimmed }: { summary: Summary; dimmed: boolean }) {
  const { money } = useFormats();
  const others = summary.other.map((other) => money(other.total, other.currency)).join(" · ");
  return (
    <div className={styles.figures} data-dimmed={dimmed || undefined} aria-busy={dimmed}>
      <p className={styles.total} data-testid="month-total">
        {money(summary.total, summary.currency)}
      </p>
      <p className={styles.notes}>
        <span>
          <Plural value={summary.count} _0="nothing recorded yet" one="# expense" other="# expenses" />
          {others ? (
            <>
              {" · "}
              <Trans>besides: {others}</Trans>
            </>
          ) : null}
        </span>
        <AuditStatus />
      </p>
      {summary.isOutdated ? <OutdatedNotice /> : null}
    </div>
  );
}

function OutdatedNotice() {
  return (
    <Callout>
      <Trans>
        These figures are older: one of your changes could not be added to the totals yet. Your book is complete, and
        the list shows all of it.
      </Trans>
    </Callout>
  );
}

function LoadingSkeleton() {
  const { t } = useLingui();
  return (
    <div className={styles.waiting} role="status" aria-label={t`Adding up`}>
      <p className={styles.total}>
        <Skeleton width="4.2em" height="0.8em" />
      </p>
      <p className={styles.notes}>
        <Skeleton width="8rem" height="1em" />
      </p>
    </div>
  );
}
