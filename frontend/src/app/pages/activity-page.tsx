import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { ActivityList } from "@/features/activity/components/activity-list";
import { currentUserQuery } from "@/lib/api/current-user";
import { useDocumentTitle } from "@/lib/document-title";
import styles from "./activity-page.module.css";

/** Lists all changes to the ledger, with undo. */
export function ActivityPage() {
  const { t } = useLingui();
  const { data: user } = useSuspenseQuery(currentUserQuery);
  useDocumentTitle(t`Activity`);
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
      <ActivityList userId={user.id} />
    </div>
  );
}
