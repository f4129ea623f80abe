import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Switch } from "react-aria-components/Switch";
import { useLedger } from "@/lib/ledger/ledger";
import { Callout } from "@/ui/callout";
import { LoadError, useErrorText } from "@/ui/errors";
import { Skeleton } from "@/ui/skeleton";
import { modelQuery, type ModelSettings, useSetModelConsent } from "../api/model-settings";
import styles from "./ai-settings.module.css";
import { Diagnostics } from "./diagnostics";
import { Presets } from "./presets";
import { RecentModelCalls } from "./recent-model-calls";

/** The model's settings for this ledger: consent, data sent, host, usage, and diagnostics. */
export function AiSettings() {
  const settings = useQuery(modelQuery(useLedger()));
  if (settings.isPending) return <Skeleton height="12rem" />;
  if (settings.isError) return <LoadError error={settings.error} onRetry={() => void settings.refetch()} />;
  const { model, presets } = settings.data;
  return (
    <div className={styles.settings}>
      <p className={styles.about}>
        <Trans>
          Facts are computed by Outlay itself, and told in its own words. A language model is not needed. It can only
          phrase them more freely, and read questions in other words; it never writes a number.
        </Trans>
      </p>
      {model ? <Consent settings={settings.data} model={model} /> : <Presets presets={presets} />}
      {model ? <Diagnostics /> : null}
      <RecentModelCalls />
    </div>
  );
}

function Consent({ settings, model }: { settings: ModelSettings; model: NonNullable<ModelSettings["model"]> }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const setConsent = useSetModelConsent();
  const { name, place: host } = model;
  return (
    <section className={styles.part} aria-label={t`Consent`}>
      <Switch
        isSelected={settings.allowed}
        isDisabled={setConsent.isPending}
        onChange={(allowed) => setConsent.mutate({ allowed, place: host })}
        className={styles.switch ?? ""}
      >
        <span className={styles.track} aria-hidden="true" />
        <Trans>
          Let the model {name} at {host} help with this ledger
        </Trans>
      </Switch>
      <ul className={styles.terms}>
        <li>
          <Trans>It is told amounts, percentages and dates of facts, and the questions that you ask.</Trans>
        </li>
        <li>
          <Trans>It is not told notes, merchants, names of categories, or who you are.</Trans>
        </li>
        <li>
          <Trans>You can read what was sent, word for word, for two months.</Trans>
        </li>
      </ul>
      {settings.budget ? <Usage usage={settings.budget} /> : null}
      {setConsent.isError ? <Callout kind="error">{errorText(setConsent.error)}</Callout> : null}
    </section>
  );
}

function Usage({ usage }: { usage: NonNullable<ModelSettings["budget"]> }) {
  const { locale } = useLedger();
  const numbers = new Intl.NumberFormat(locale);
  const used = numbers.format(usage.tokens);
  const limit = usage.most_tokens === null ? null : numbers.format(usage.most_tokens);
  return (
    <p className={styles.about}>
      {limit ? (
        <Trans>
          You have used {used} of {limit} tokens today, in all your ledgers together.
        </Trans>
      ) : (
        <Trans>You have used {used} tokens today, in all your ledgers together.</Trans>
      )}
    </p>
  );
}
