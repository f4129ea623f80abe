import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { LoadError } from "@/ui/errors";
import { Icon } from "@/ui/icon";
import { Skeleton } from "@/ui/skeleton";
import { type ModelCall, modelCallQuery } from "../api/model-calls";
import styles from "./model-call-details.module.css";

interface ModelCallDetailsProps {
  /** The id of the model call. */
  call: string;
  title?: ReactNode;
}

/** Expands to the exact messages sent to a model, and its response. */
export function ModelCallDetails({ call, title }: ModelCallDetailsProps) {
  const [isOpen, setOpen] = useState(false);
  const details = useQuery({ ...modelCallQuery(useLedger(), call), enabled: isOpen });
  return (
    <Disclosure isExpanded={isOpen} onExpandedChange={setOpen} className={styles.disclosure ?? ""}>
      <Heading level={3} className={styles.heading ?? ""}>
        <Button slot="trigger" className={styles.trigger ?? ""}>
          <Icon name={isOpen ? "down" : "forward"} size={16} />
          {title ?? <Trans>What was sent</Trans>}
        </Button>
      </Heading>
      <DisclosurePanel>
        {details.isLoading ? <Skeleton height="6rem" /> : null}
        {details.isError ? <LoadError error={details.error} onRetry={() => void details.refetch()} /> : null}
        {details.data ? <Messages call={details.data} /> : null}
      </DisclosurePanel>
    </Disclosure>
  );
}

function Messages({ call }: { call: ModelCall }) {
  const formats = useFormats();
  const day = formats.day(formats.dayOf(call.at));
  return (
    <div className={styles.messages}>
      <p className={styles.about}>
        <Trans>
          To {call.place}, for the model {call.model}, on {day}: {call.tokens_sent} tokens there, {call.tokens_received}{" "}
          back.
        </Trans>
      </p>
      {call.messages.map(({ role, content }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- messages have no other identity
        <figure key={index}>
          <figcaption>{role}</figcaption>
          <pre dir="auto">{content}</pre>
        </figure>
      ))}
      <figure>
        <figcaption>
          <Trans>The answer</Trans>
        </figcaption>
        <pre dir="auto">{call.answer}</pre>
      </figure>
    </div>
  );
}
