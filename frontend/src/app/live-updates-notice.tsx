import { Trans } from "@lingui/react/macro";
import styles from "./live-updates-notice.module.css";

/** Shows that changes made elsewhere arrive late. */
export function LiveUpdatesNotice({ paused }: { paused: boolean }) {
  return (
    <div role="status" className={styles.region}>
      {paused ? (
        <p className={styles.note}>
          <Trans>Live updates are paused. Changes made elsewhere will follow by themselves.</Trans>
        </p>
      ) : null}
    </div>
  );
}
