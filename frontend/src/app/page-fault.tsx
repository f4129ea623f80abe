import { Trans } from "@lingui/react/macro";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { LoadFault } from "@/ui/faults";
import styles from "./page.module.css";

/** Stands for a page that could not be opened. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <main className={styles.alone}>
      <h1>
        <Trans>This page could not be opened</Trans>
      </h1>
      <LoadFault error={error} onRetry={again} />
    </main>
  );
}
