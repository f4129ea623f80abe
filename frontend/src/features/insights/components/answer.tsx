import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useFaultText } from "@/ui/faults";
import type { Asked, Piece } from "../api/ask";
import type { Evidence } from "../api/insights";
import styles from "./ask-box.module.css";
import { WhatWasSent } from "./what-was-sent";

export interface AnswerProps {
  asked: Asked;
  /** Makes a link to the list of exactly these payments; null where there can be none. */
  linkTo(evidence: Evidence, children: ReactNode): ReactNode | null;
  onAsk(question: string): void;
}

/** An answer as far as it has come. */
export function Answer({ asked, linkTo, onAsk }: AnswerProps) {
  const text = useFaultText();
  return (
    <div className={styles.answer} aria-busy={asked.state === "waiting"}>
      <div role="log" aria-live="polite" className={styles.sentences}>
        {asked.sentences.map((pieces, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- sentences have no other identity
          <p key={place} dir="auto">
            <Pieces pieces={pieces} linkTo={linkTo} />
          </p>
        ))}
        {asked.state === "waiting" && !asked.sentences.length ? <Waiting place={asked.place} /> : null}
      </div>
      {asked.examples.length ? (
        <ul className={styles.examples}>
          {asked.examples.map((example) => (
            <li key={example}>
              <Button look="plain" onPress={() => onAsk(example)}>
                {example}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {asked.sent ? <WhatWasSent call={asked.sent} /> : null}
      {asked.state === "failed" ? (
        <Callout
          kind="fault"
          action={
            <Button onPress={() => onAsk(asked.question)}>
              <Trans>Try again</Trans>
            </Button>
          }
        >
          {text(asked.error)}
        </Callout>
      ) : null}
    </div>
  );
}

function Pieces({ pieces, linkTo }: { pieces: readonly Piece[] } & Pick<AnswerProps, "linkTo">) {
  return pieces.map(({ text, evidence }, place) => (
    // oxlint-disable-next-line react/no-array-index-key -- as above
    <span key={place}>{(evidence && linkTo(evidence, text)) ?? text}</span>
  ));
}

function Waiting({ place }: { place: string | null }) {
  return (
    <p className={styles.waiting}>{place ? <Trans>Asking {place} how to read that…</Trans> : <Trans>Looking…</Trans>}</p>
  );
}
