import { Trans, useLingui } from "@lingui/react/macro";
import type { Preset } from "../api/model-settings";
import styles from "./ai-settings.module.css";

/** Shows an administrator the settings of a model: environment variables, where keys belong. */
export function Presets({ presets }: { presets: readonly Preset[] }) {
  const { t } = useLingui();
  return (
    <section className={styles.part} aria-label={t`Setting a model up`}>
      <h2 className={styles.title}>
        <Trans>Setting a model up</Trans>
      </h2>
      <p className={styles.about}>
        <Trans>This Outlay has no model. Its administrator can set one up by these settings:</Trans>
      </p>
      <dl className={styles.presets}>
        {presets.map((preset) => (
          <div key={preset.name}>
            <dt>{preset.name}</dt>
            <dd>
              <pre>{settingLines(preset)}</pre>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function settingLines({ base_url: address, needs_key: needsKey, example }: Preset): string {
  const lines = [`OPENAI_BASE_URL=${address || "https://…/v1"}`, `OPENAI_MODEL=${example || "…"}`];
  return (needsKey ? [...lines, "OPENAI_API_KEY=…"] : lines).join("\n");
}
