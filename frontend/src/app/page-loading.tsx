import { useLingui } from "@lingui/react/macro";
import styles from "./page.module.css";

/** Shown while the next page loads, if that takes noticeably long. */
export function PageLoading() {
  const { t } = useLingui();
  return <div role="status" aria-label={t`Opening`} className={styles.waiting} />;
}
