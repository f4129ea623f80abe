import { Trans } from "@lingui/react/macro";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useContext } from "react";
import { Unfetched } from "@/lib/api/problems";
import { LedgerContext } from "@/lib/ledger/ledger";
import { LoadFault } from "@/ui/faults";
import styles from "./page.module.css";

/** Stands for a page that could not be opened. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const isFramed = useContext(LedgerContext) !== null;
  const Place = isFramed ? "div" : "main";
  const again = (): void => {
    if (error instanceof Unfetched && navigator.onLine) return window.location.reload();
    reset();
    void router.invalidate();
  };
  return (
    <Place className={styles.alone}>
      <h1>
        <Trans>This page could not be opened</Trans>
      </h1>
      <LoadFault error={error} onRetry={again} />
    </Place>
  );
}
