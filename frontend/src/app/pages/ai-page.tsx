import { Trans, useLingui } from "@lingui/react/macro";
import { AiSettings } from "@/features/insights/components/ai-settings";
import { useDocumentTitle } from "@/lib/document-title";
import styles from "./activity-page.module.css";

/** Settings for the language model. */
export function AiPage() {
  const { t } = useLingui();
  useDocumentTitle(t`AI`);
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        <Trans>AI</Trans>
      </h1>
      <AiSettings />
    </div>
  );
}
