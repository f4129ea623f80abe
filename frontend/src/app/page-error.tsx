import { Trans } from "@lingui/react/macro";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useContext } from "react";
import { ChunkLoadError } from "@/lib/api/errors";
import { LedgerContext } from "@/lib/ledger/ledger";
import { LoadError } from "@/ui/errors";
import styles from "./page.module.css";

/** Shown instead of a page that could not be opened. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const isFramed = useContext(LedgerContext) !== null;
  const Wrapper = isFramed ? "div" : "main";
  const retry = (): void => {
    if (error instanceof ChunkLoadError && navigator.onLine) return window.location.reload();
    reset();
    void router.invalidate();
  };
  return (
    <Wrapper className={styles.alone}>
      <h1>
        <Trans>This page could not be opened</Trans>
      </h1>
      <LoadError error={error} onRetry={retry} />
    </Wrapper>
  );
}
