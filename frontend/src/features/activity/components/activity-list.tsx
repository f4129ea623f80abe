import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useId, useMemo } from "react";
import { groupBy } from "@/lib/groups";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { LoadFault } from "@/ui/faults";
import { Skeleton } from "@/ui/skeleton";
import { useInView } from "@/ui/use-in-view";
import { journalQuery } from "../api/journal";
import { membersQuery } from "../api/members";
import { type Deed, deedsOf } from "../deeds";
import { namesIn } from "../images";
import { ActivityLine, type ActivityLineProps } from "./activity-line";
import styles from "./activity-list.module.css";

/** What happened to the ledger, newest first, by day, as far back as one scrolls. */
export function ActivityList({ account }: { account: string }) {
  const ledger = useLedger();
  const journal = useInfiniteQuery(journalQuery(ledger));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = journal;
  const entries = useMemo(() => journal.data?.pages.flatMap((page) => page.items.toReversed()) ?? [], [journal.data]);
  const deeds = useMemo(() => deedsOf(entries), [entries]);
  const names = useMemo(() => namesIn(entries), [entries]);
  const others = deeds.some((deed) => deed.actor !== null && deed.actor !== account);
  const members = useQuery({ ...membersQuery(ledger), enabled: others });
  const end = useInView(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  });

  if (journal.isPending) return <Waiting />;
  if (journal.isError && !journal.data) return <LoadFault error={journal.error} onRetry={() => void journal.refetch()} />;
  return (
    <div>
      {deeds.every((deed) => deed.actor === null) ? <Nothing /> : null}
      <Days deeds={deeds} account={account} members={members.data} names={names} />
      <div ref={end} className={styles.end}>
        {hasNextPage ? (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            <Trans>Show earlier changes</Trans>
          </Button>
        ) : null}
      </div>
    </div>
  );
}

interface DaysProps extends Omit<ActivityLineProps, "deed"> {
  deeds: readonly Deed[];
}

function Days({ deeds, ...rest }: DaysProps) {
  const { dayOf } = useFormats();
  const days = groupBy(deeds, (deed) => dayOf(deed.at));
  return [...days].map(([day, found]) => <Day key={day} day={day} deeds={found} {...rest} />);
}

function Day({ day, deeds, ...rest }: DaysProps & { day: string }) {
  const formats = useFormats();
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.day}>
      <h2 id={heading} className={styles.heading}>
        {formats.day(day)}
      </h2>
      <ul>
        {deeds.map((deed) => (
          <ActivityLine key={deed.id} deed={deed} {...rest} />
        ))}
      </ul>
    </section>
  );
}

function Nothing() {
  return (
    <p className={styles.nothing}>
      <Trans>Nothing has been written down yet. Whatever changes from now on is listed here, and can be undone.</Trans>
    </p>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      {["a", "b", "c", "d", "e"].map((place) => (
        <Skeleton key={place} height="3.25rem" />
      ))}
    </div>
  );
}
