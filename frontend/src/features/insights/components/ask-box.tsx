import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/text-field";
import { useAsk } from "../api/ask";
import { Answer, type AnswerProps } from "./answer";
import styles from "./ask-box.module.css";

const LONGEST = 300;

interface AskBoxProps extends Pick<AnswerProps, "linkTo"> {
  /** Stands below the box, such as a way to the settings. */
  more?: ReactNode;
}

/** Ask about your spending: the answer grows while it comes, and each number in it opens its payments. */
export function AskBox({ linkTo, more }: AskBoxProps) {
  const { t } = useLingui();
  const [question, setQuestion] = useState("");
  const { asked, ask } = useAsk();
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
          maxLength={LONGEST}
          autoComplete="off"
        />
        <Button type="submit" isPending={asked?.state === "waiting"}>
          <Trans>Ask</Trans>
        </Button>
      </form>
      {asked ? <Answer asked={asked} linkTo={linkTo} onAsk={askAgain} /> : null}
      {more ? <p className={styles.more}>{more}</p> : null}
    </section>
  );
}
