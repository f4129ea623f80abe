import { Plural, Trans } from "@lingui/react/macro";
import styles from "./insight-formula.module.css";

export interface ComputationInfo {
  revision: number;
  changedSince: number;
}

/** Explains how an insight was computed. */
export function InsightFormula({ formula, computed }: { formula: string; computed: ComputationInfo }) {
  const { revision, changedSince } = computed;
  return (
    <details className={styles.formula}>
      <summary>
        <Trans>How was this computed?</Trans>
      </summary>
      <p>{formula}</p>
      <p>
        <Trans>From your payments in this ledger's own currency, at revision {revision}.</Trans>{" "}
        {changedSince > 0 ? <Plural value={changedSince} one="# change since." other="# changes since." /> : null}
      </p>
    </details>
  );
}
