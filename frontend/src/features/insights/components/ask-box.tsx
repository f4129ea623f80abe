import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/text-field";
import { useAsk } from "../api/ask";
import { Answer, type AnswerProps } from "./answer";
import styles from "./ask-box.module.css";

const MAX_QUESTION_LENGTH = 300;

interface AskBoxProps extends Pick<AnswerProps, "linkTo"> {
  /** Content below the box, such as a link to the settings. */
  footer?: ReactNode;
}

/** Asks about spending. The answer is streamed, and each number in it links to its payments. */
export function AskBox({ linkTo, footer }: AskBoxProps) {
  const { t } = useLingui();
  const [question, setQuestion] = useState("");
  const { state, ask } = useAsk();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (question.trim()) ask(question.trim());
  };
  const askAgain = (example: string): void => {
    setQuestion(example);
    ask(example);
  };
  return (
    <section className={styles.section} aria-label={t`Ask`}>
      <form onSubmit={submit} className={styles.form} aria-label={t`Ask about your spending`}>
        <TextField
          name="question"
          label={t`Ask about your spending`}
          placeholder={t`How much on coffee since May?`}
          value={question}
          onChange={setQuestion}
          maxLength={MAX_QUESTION_LENGTH}
          autoComplete="off"
        />
        <Button type="submit" isPending={state?.status === "waiting"}>
          <Trans>Ask</Trans>
        </Button>
      </form>
      {state ? <Answer state={state} linkTo={linkTo} onAsk={askAgain} /> : null}
      {footer ? <p className={styles.more}>{footer}</p> : null}
    </section>
  );
}
