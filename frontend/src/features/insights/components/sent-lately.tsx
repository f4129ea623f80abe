import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { sentLatelyQuery } from "../api/sent";
import styles from "./ai-settings.module.css";
import { WhatWasSent } from "./what-was-sent";

/** Everything that a model was told lately; nothing at all where it was told nothing. */
export function SentLately() {
  const { t } = useLingui();
  const formats = useFormats();
  const sent = useQuery(sentLatelyQuery(useLedger()));
  if (!sent.data?.items.length) return null;
  return (
    <section className={styles.part} aria-label={t`What was sent lately`}>
      <h2 className={styles.title}>
        <Trans>What was sent lately</Trans>
      </h2>
      <ul>
        {sent.data.items.map(({ id, at, place }) => {
          const moment = `${formats.shortDay(formats.dayOf(at))}, ${formats.time(at)}`;
          return (
            <li key={id}>
              <WhatWasSent
                call={id}
                title={
                  <Trans>
                    {moment}, to {place}
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
