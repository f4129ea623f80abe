import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useId, useMemo } from "react";
import { groupBy } from "@/lib/group-by";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { LoadError } from "@/ui/errors";
import { Skeleton } from "@/ui/skeleton";
import { useInView } from "@/ui/use-in-view";
import { journalQuery } from "../api/journal";
import { memberNamesQuery } from "../api/member-names";
import { type ActivityItem, toActivityItems } from "../activity-items";
import { categoryNamesIn } from "../images";
import { ActivityRow, type ActivityRowProps } from "./activity-row";
import styles from "./activity-list.module.css";

/** The ledger's actions by day, newest first, loaded on scroll. */
export function ActivityList({ userId }: { userId: string }) {
  const ledger = useLedger();
  const journal = useInfiniteQuery(journalQuery(ledger));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = journal;
  const entries = useMemo(() => journal.data?.pages.flatMap((page) => page.items.toReversed()) ?? [], [journal.data]);
  const items = useMemo(() => toActivityItems(entries), [entries]);
  const categoryNames = useMemo(() => categoryNamesIn(entries), [entries]);
  const hasOtherActors = items.some((item) => item.actor !== null && item.actor !== userId);
  const members = useQuery({ ...memberNamesQuery(ledger), enabled: hasOtherActors });
  const endMarker = useInView(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  });

  if (journal.isPending) return <LoadingSkeleton />;
  if (journal.isError && !journal.data)
    return <LoadError error={journal.error} onRetry={() => void journal.refetch()} />;
  return (
    <div>
      {items.every((item) => item.actor === null) ? <EmptyState /> : null}
      <ActivityDays items={items} userId={userId} members={members.data} categoryNames={categoryNames} />
      <div ref={endMarker} className={styles.end}>
        {hasNextPage ? (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            <Trans>Show earlier changes</Trans>
          </Button>
        ) : null}
      </div>
    </div>
  );
}

interface ActivityDaysProps extends Omit<ActivityRowProps, "item"> {
  items: readonly ActivityItem[];
}

function ActivityDays({ items, ...rest }: ActivityDaysProps) {
  const { dayOf } = useFormats();
  const days = groupBy(items, (item) => dayOf(item.occurredAt));
  return [...days].map(([day, dayItems]) => <ActivityDay key={day} day={day} items={dayItems} {...rest} />);
}

function ActivityDay({ day, items, ...rest }: ActivityDaysProps & { day: string }) {
  const formats = useFormats();
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.day}>
      <h2 id={heading} className={styles.heading}>
        {formats.day(day)}
      </h2>
      <ul>
        {items.map((item) => (
          <ActivityRow key={item.id} item={item} {...rest} />
        ))}
      </ul>
    </section>
  );
}

function EmptyState() {
  return (
    <p className={styles.nothing}>
      <Trans>Nothing has been written down yet. Whatever changes from now on is listed here, and can be undone.</Trans>
    </p>
  );
}

function LoadingSkeleton() {
  return (
    <div className={styles.waiting}>
      {["a", "b", "c", "d", "e"].map((key) => (
        <Skeleton key={key} height="3.25rem" />
      ))}
    </div>
  );
}
