import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { recentModelCallsQuery } from "../api/model-calls";
import styles from "./ai-settings.module.css";
import { ModelCallDetails } from "./model-call-details";

/** Lists the recent model calls; nothing if there were none. */
export function RecentModelCalls() {
  const { t } = useLingui();
  const formats = useFormats();
  const calls = useQuery(recentModelCallsQuery(useLedger()));
  if (!calls.data?.items.length) return null;
  return (
    <section className={styles.part} aria-label={t`What was sent lately`}>
      <h2 className={styles.title}>
        <Trans>What was sent lately</Trans>
      </h2>
      <ul>
        {calls.data.items.map(({ id, at, place: host }) => {
          const dateTime = `${formats.shortDay(formats.dayOf(at))}, ${formats.time(at)}`;
          return (
            <li key={id}>
              <ModelCallDetails
                call={id}
                title={
                  <Trans>
                    {dateTime}, to {host}
                  </Trans>
                }
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
