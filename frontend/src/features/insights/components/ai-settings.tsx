import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Switch } from "react-aria-components/Switch";
import { useLedger } from "@/lib/ledger/ledger";
import { Callout } from "@/ui/callout";
import { LoadFault, useFaultText } from "@/ui/faults";
import { Skeleton } from "@/ui/skeleton";
import { modelQuery, type ModelSettings, useAllowModel } from "../api/model";
import styles from "./ai-settings.module.css";
import { Doctor } from "./doctor";
import { Presets } from "./presets";
import { SentLately } from "./sent-lately";

/** Whether a model may be told of this ledger: what it is told, where it is, what it used, and how its server is. */
export function AiSettings() {
  const settings = useQuery(modelQuery(useLedger()));
  if (settings.isPending) return <Skeleton height="12rem" />;
  if (settings.isError) return <LoadFault error={settings.error} onRetry={() => void settings.refetch()} />;
  const { model, presets } = settings.data;
  return (
    <div className={styles.settings}>
      <p className={styles.about}>
        <Trans>
          Facts are computed by Outlay itself, and told in its own words. A language model is not needed. It can only phrase
          them more freely, and read questions in other words; it never writes a number.
        </Trans>
      </p>
      {model ? <Allowing settings={settings.data} model={model} /> : <Presets presets={presets} />}
      {model ? <Doctor /> : null}
      <SentLately />
    </div>
  );
}

function Allowing({ settings, model }: { settings: ModelSettings; model: NonNullable<ModelSettings["model"]> }) {
  const { t } = useLingui();
  const text = useFaultText();
  const allow = useAllowModel();
  const { name, place } = model;
  return (
    <section className={styles.part} aria-label={t`Consent`}>
      <Switch
        isSelected={settings.allowed}
        isDisabled={allow.isPending}
        onChange={(allowed) => allow.mutate({ allowed, place })}
        className={styles.switch ?? ""}
      >
        <span className={styles.track} aria-hidden="true" />
        <Trans>
          Let the model {name} at {place} help with this ledger
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
      {settings.budget ? <Used budget={settings.budget} /> : null}
      {allow.isError ? <Callout kind="fault">{text(allow.error)}</Callout> : null}
    </section>
  );
}

function Used({ budget }: { budget: NonNullable<ModelSettings["budget"]> }) {
  const { locale } = useLedger();
  const numbers = new Intl.NumberFormat(locale);
  const used = numbers.format(budget.tokens);
  const most = budget.most_tokens === null ? null : numbers.format(budget.most_tokens);
  return (
    <p className={styles.about}>
      {most ? (
        <Trans>You have used {used} of {most} tokens today, in all your ledgers together.</Trans>
      ) : (
        <Trans>You have used {used} tokens today, in all your ledgers together.</Trans>
      )}
    </p>
  );
}
