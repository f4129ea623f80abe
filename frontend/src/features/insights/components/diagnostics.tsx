import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useErrorText } from "@/ui/errors";
import { Icon } from "@/ui/icon";
import { type Finding, useDiagnostics } from "../api/diagnostics";
import styles from "./ai-settings.module.css";

/** Checks the model's server and shows the findings. */
export function Diagnostics() {
  const { t } = useLingui();
  const errorText = useErrorText();
  const { isRunning, findings, verdict, error, run } = useDiagnostics();
  return (
    <section className={styles.part} aria-label={t`The model's server`}>
      <h2 className={styles.title}>
        <Trans>The model's server</Trans>
      </h2>
      <Button onPress={run} isPending={isRunning} className={styles.look ?? ""}>
        <Trans>Look at the server</Trans>
      </Button>
      <ul className={styles.findings} aria-live="polite" aria-busy={isRunning}>
        {findings.map((finding) => (
          <FindingRow key={finding.look} finding={finding} />
        ))}
      </ul>
      {verdict ? <Callout kind={verdict.good ? "success" : "error"}>{verdict.says}</Callout> : null}
      {error ? <Callout kind="error">{errorText(error)}</Callout> : null}
    </section>
  );
}

function FindingRow({ finding }: { finding: Finding }) {
  const labels = useCheckLabels();
  return (
    <li data-good={finding.good}>
      <Icon name={finding.good ? "tick" : "close"} size={16} />
      <span>
        <strong>{labels[finding.look] ?? finding.look}</strong> {finding.says}
      </span>
    </li>
  );
}

function useCheckLabels(): Record<string, string> {
  const { t } = useLingui();
  return {
    reach: t`Address.`,
    model: t`Model.`,
    schema: t`Asked with a schema.`,
    tool: t`Asked by a tool.`,
    json: t`Asked for JSON.`,
    plain: t`Asked in words alone.`,
    stream: t`Streaming.`,
    context: t`Long prompts.`,
  };
}
