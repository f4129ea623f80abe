import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { useCanWrite } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Icon, type IconName } from "@/ui/icon";
import { useFocusNeighbourOnRemoval } from "@/ui/use-focus-neighbour-on-removal";
import type { Evidence, Insight } from "../api/insights";
import { textSegments } from "../text-segments";
import styles from "./insight-cards.module.css";
import { type ComputationInfo, InsightFormula } from "./insight-formula";
import { ModelCallDetails } from "./model-call-details";

const DIRECTION_ICONS: Record<Insight["direction"], IconName> = { up: "up", down: "fall", flat: "level", none: "dot" };

export interface InsightCardProps {
  insight: Insight;
  computed: ComputationInfo;
  /** Links to the list of exactly these payments; null if the list cannot show them. */
  linkTo(evidence: Evidence, children: ReactNode): ReactNode | null;
  onDismiss(insight: Insight): void;
}

/** One insight. Each number that is based on payments links to them. */
export function InsightCard({ insight, computed, linkTo, onDismiss }: InsightCardProps) {
  const { t } = useLingui();
  const canWrite = useCanWrite();
  const card = useFocusNeighbourOnRemoval<HTMLLIElement>();
  const link = linkTo(insight.evidence, <Trans>Show the expenses</Trans>);
  return (
    <li ref={card} className={styles.card}>
      <span className={styles.sign} data-direction={insight.direction}>
        <Icon name={DIRECTION_ICONS[insight.direction]} size={18} />
      </span>
      <div className={styles.body}>
        <p className={styles.text} dir="auto">
          {textSegments(insight).map(({ text, evidence, proof }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- segments have no other identity
            <span key={index} data-proof={proof ?? undefined}>
              {(evidence && linkTo(evidence, text)) ?? text}
            </span>
          ))}
        </p>
        <div className={styles.more}>
          {link ? <p className={styles.open}>{link}</p> : null}
          <InsightFormula formula={insight.formula} computed={computed} />
          {insight.sent ? <ModelCallDetails call={insight.sent} /> : null}
        </div>
      </div>
      {canWrite ? (
        <Button
          variant="icon"
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
