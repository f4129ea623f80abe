import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { ActivityList } from "@/features/activity/components/activity-list";
import { meQuery } from "@/lib/api/me";
import { useTitle } from "@/lib/title";
import styles from "./activity-page.module.css";

/** Every change to the book, and the way back from it. */
export function ActivityPage() {
  const { t } = useLingui();
  const { data: user } = useSuspenseQuery(meQuery);
  useTitle(t`Activity`);
  return (
    <div className={styles.page}>
      <header>
        <h1 className={styles.title}>
          <Trans>Activity</Trans>
        </h1>
        <p className={styles.about}>
          <Trans>Everything that was changed, newest first. Whatever it was, you can undo it.</Trans>
        </p>
      </header>
      <ActivityList account={user.id} />
    </div>
  );
}
