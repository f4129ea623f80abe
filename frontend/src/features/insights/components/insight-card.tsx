import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Icon, type IconName } from "@/ui/icon";
import type { Evidence, Insight } from "../api/insights";
import { stretchesOf } from "../numbers";
import styles from "./insight-cards.module.css";

const SIGNS: Record<Insight["direction"], IconName> = { up: "up", down: "fall", flat: "level", none: "dot" };

export interface InsightCardProps {
  insight: Insight;
  /** Makes a link to the list of exactly these payments; null where there can be none. */
  linkTo(evidence: Evidence, children: ReactNode): ReactNode | null;
}

/** One true sentence; each number in it that rests on payments opens them. */
export function InsightCard({ insight, linkTo }: InsightCardProps) {
  const open = linkTo(insight.evidence, <Trans>Show the expenses</Trans>);
  return (
    <li className={styles.card}>
      <span className={styles.sign} data-direction={insight.direction}>
        <Icon name={SIGNS[insight.direction]} size={18} />
      </span>
      <div>
        <p className={styles.text}>
          {stretchesOf(insight).map(({ text, evidence }, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- stretches have no other identity
            <span key={place}>{(evidence && linkTo(evidence, text)) ?? text}</span>
          ))}
        </p>
        {open ? <p className={styles.open}>{open}</p> : null}
      </div>
    </li>
  );
}
