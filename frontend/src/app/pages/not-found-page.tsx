import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useDocumentTitle } from "@/lib/document-title";
import styles from "../page.module.css";

export function NotFoundPage() {
  const { t } = useLingui();
  useDocumentTitle(t`Not found`);
  return (
    <main className={styles.alone}>
      <h1>
        <Trans>There is nothing here</Trans>
      </h1>
      <p>
        <Trans>
          The address may be mistyped, or the page has moved. <Link to="/">Go to your overview</Link>.
        </Trans>
      </p>
    </main>
  );
}
