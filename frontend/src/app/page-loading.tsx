import { useLingui } from "@lingui/react/macro";
import styles from "./page.module.css";

/** Between two pages, where it takes longer than an eye blink. */
export function PageLoading() {
  const { t } = useLingui();
  return <div role="status" aria-label={t`Opening`} className={styles.waiting} />;
}
