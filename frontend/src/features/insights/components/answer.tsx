import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useErrorText } from "@/ui/errors";
import type { AskState, Piece } from "../api/ask";
import type { Evidence } from "../api/insights";
import styles from "./ask-box.module.css";
import { ModelCallDetails } from "./model-call-details";

export interface AnswerProps {
  state: AskState;
  /** Links to the list of exactly these payments; null if the list cannot show them. */
  linkTo(evidence: Evidence, children: ReactNode): ReactNode | null;
  onAsk(question: string): void;
}

/** An answer, as far as it has arrived. */
export function Answer({ state, linkTo, onAsk }: AnswerProps) {
  const errorText = useErrorText();
  return (
    <div className={styles.answer} aria-busy={state.status === "waiting"}>
      <div role="log" aria-live="polite" className={styles.sentences}>
        {state.sentences.map((pieces, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- sentences have no other identity
          <p key={index} dir="auto">
            <Pieces pieces={pieces} linkTo={linkTo} />
          </p>
        ))}
        {state.status === "waiting" && !state.sentences.length ? <Progress host={state.host} /> : null}
      </div>
      {state.examples.length ? (
        <ul className={styles.examples}>
          {state.examples.map((example) => (
            <li key={example}>
              <Button variant="plain" onPress={() => onAsk(example)}>
                {example}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {state.modelCall ? <ModelCallDetails call={state.modelCall} /> : null}
      {state.status === "failed" ? (
        <Callout
          kind="error"
          action={
            <Button onPress={() => onAsk(state.question)}>
              <Trans>Try again</Trans>
            </Button>
          }
        >
          {errorText(state.error)}
        </Callout>
      ) : null}
    </div>
  );
}

function Pieces({ pieces, linkTo }: { pieces: readonly Piece[] } & Pick<AnswerProps, "linkTo">) {
  return pieces.map(({ text, evidence }, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- as above
    <span key={index}>{(evidence && linkTo(evidence, text)) ?? text}</span>
  ));
}

function Progress({ host }: { host: string | null }) {
  return (
    <p className={styles.waiting}>{host ? <Trans>Asking {host} how to read that…</Trans> : <Trans>Looking…</Trans>}</p>
  );
}
