import { Trans, useLingui } from "@lingui/react/macro";
import { useFormats } from "@/lib/ledger/ledger";
import type { Trends } from "../api/trends";
import styles from "./daily-table.module.css";

/** The chart's data as a table. */
export function DailyTable({ trends }: { trends: Trends }) {
  const { t } = useLingui();
  const { day, money } = useFormats();
  const rows = trends.buckets
    .map((bucket, index) => ({ bucket, total: trends.totals[index] ?? "0" }))
    .filter(({ total }) => Number(total) !== 0);
  return (
    <details className={styles.details}>
      <summary className={styles.summary}>
        <Trans>Day by day in figures</Trans>
      </summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t`Day`}</th>
            <th scope="col">{t`Total`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ bucket, total }) => (
            <tr key={bucket}>
              <th scope="row">{day(bucket)}</th>
              <td>{money(total, trends.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
