import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useLedger } from "@/lib/ledger/ledger";
import { LoadError } from "@/ui/errors";
import { Skeleton } from "@/ui/skeleton";
import { insightsQuery } from "../api/insights";
import { useDismissWithUndo } from "../use-dismiss-with-undo";
import { InsightCard, type InsightCardProps } from "./insight-card";
import styles from "./insight-cards.module.css";

type InsightCardsProps = Pick<InsightCardProps, "linkTo">;

/** The insights, each linked to its payments. */
export function InsightCards({ linkTo }: InsightCardsProps) {
  const { t } = useLingui();
  const insights = useQuery(insightsQuery(useLedger()));
  const dismiss = useDismissWithUndo();
  const computed = { revision: insights.data?.revision ?? 0, changedSince: insights.data?.changed_since ?? 0 };
  const updating = insights.data?.status === "updating" || insights.data?.status === "stale";
  return (
    <section className={styles.section} aria-label={t`Worth knowing`}>
      <h2 className={styles.title}>
        <Trans>Worth knowing</Trans>
      </h2>
      {insights.isPending ? <LoadingSkeleton /> : null}
      {insights.isError && !insights.data ? (
        <LoadError error={insights.error} onRetry={() => void insights.refetch()} />
      ) : null}
      {insights.data?.items.length === 0 ? <EmptyState updating={updating} /> : null}
      <ul className={styles.cards}>
        {insights.data?.items.map((insight) => (
          <InsightCard key={insight.id} insight={insight} computed={computed} linkTo={linkTo} onDismiss={dismiss} />
        ))}
      </ul>
      <p role="status" className={styles.status}>
        {updating && insights.data?.items.length ? <Trans>Looking again after your latest changes…</Trans> : null}
      </p>
    </section>
  );
}

function EmptyState({ updating }: { updating: boolean }) {
  return (
    <p className={styles.nothing}>
      {updating ? (
        <Trans>Looking at your expenses…</Trans>
      ) : (
        <Trans>Nothing to point out yet. This grows interesting with a few weeks of expenses.</Trans>
      )}
    </p>
  );
}

function LoadingSkeleton() {
  return (
    <div className={styles.cards}>
      <Skeleton height="4.5rem" />
      <Skeleton height="4.5rem" />
    </div>
  );
}
