import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { useMayWrite } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Icon, type IconName } from "@/ui/icon";
import { useHandOnFocus } from "@/ui/use-hand-on-focus";
import type { Evidence, Insight } from "../api/insights";
import { stretchesOf } from "../numbers";
import styles from "./insight-cards.module.css";
import { type Computed, InsightFormula } from "./insight-formula";
import { WhatWasSent } from "./what-was-sent";

const SIGNS: Record<Insight["direction"], IconName> = { up: "up", down: "fall", flat: "level", none: "dot" };

export interface InsightCardProps {
  insight: Insight;
  computed: Computed;
  /** Makes a link to the list of exactly these payments; null where there can be none. */
  linkTo(evidence: Evidence, children: ReactNode): ReactNode | null;
  onDismiss(insight: Insight): void;
}

/** One true sentence; each number in it that rests on payments opens them. */
export function InsightCard({ insight, computed, linkTo, onDismiss }: InsightCardProps) {
  const { t } = useLingui();
  const mayWrite = useMayWrite();
  const card = useHandOnFocus<HTMLLIElement>();
  const open = linkTo(insight.evidence, <Trans>Show the expenses</Trans>);
  return (
    <li ref={card} className={styles.card}>
      <span className={styles.sign} data-direction={insight.direction}>
        <Icon name={SIGNS[insight.direction]} size={18} />
      </span>
      <div className={styles.body}>
        <p className={styles.text} dir="auto">
          {stretchesOf(insight).map(({ text, evidence, proof }, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- stretches have no other identity
            <span key={place} data-proof={proof ?? undefined}>
              {(evidence && linkTo(evidence, text)) ?? text}
            </span>
          ))}
        </p>
        <div className={styles.more}>
          {open ? <p className={styles.open}>{open}</p> : null}
          <InsightFormula formula={insight.formula} computed={computed} />
          {insight.sent ? <WhatWasSent call={insight.sent} /> : null}
        </div>
      </div>
      {mayWrite ? (
        <Button
          look="icon"
          className={styles.dismiss}
          aria-label={t`Dismiss: ${insight.text}`}
          onPress={() => onDismiss(insight)}
        >
          <Icon name="close" size={16} />
        </Button>
      ) : null}
    </li>
  );
}
