import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { LoadFault } from "@/ui/faults";
import { Icon } from "@/ui/icon";
import { Skeleton } from "@/ui/skeleton";
import { type Sent, sentQuery } from "../api/sent";
import styles from "./what-was-sent.module.css";

interface WhatWasSentProps {
  /** The id of the call. */
  call: string;
  title?: ReactNode;
}

/** Opens what a model was told, word for word, and what it said. */
export function WhatWasSent({ call, title }: WhatWasSentProps) {
  const [isOpen, setOpen] = useState(false);
  const sent = useQuery({ ...sentQuery(useLedger(), call), enabled: isOpen });
  return (
    <Disclosure isExpanded={isOpen} onExpandedChange={setOpen} className={styles.disclosure ?? ""}>
      <Heading level={3} className={styles.heading ?? ""}>
        <Button slot="trigger" className={styles.trigger ?? ""}>
          <Icon name={isOpen ? "down" : "forward"} size={16} />
          {title ?? <Trans>What was sent</Trans>}
        </Button>
      </Heading>
      <DisclosurePanel>
        {sent.isLoading ? <Skeleton height="6rem" /> : null}
        {sent.isError ? <LoadFault error={sent.error} onRetry={() => void sent.refetch()} /> : null}
        {sent.data ? <Messages sent={sent.data} /> : null}
      </DisclosurePanel>
    </Disclosure>
  );
}

function Messages({ sent }: { sent: Sent }) {
  const formats = useFormats();
  const day = formats.day(formats.dayOf(sent.at));
  return (
    <div className={styles.messages}>
      <p className={styles.about}>
        <Trans>
          To {sent.place}, for the model {sent.model}, on {day}: {sent.tokens_sent} tokens there, {sent.tokens_received} back.
        </Trans>
      </p>
      {sent.messages.map(({ role, content }, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- messages have no other identity
        <figure key={place}>
          <figcaption>{role}</figcaption>
          <pre dir="auto">{content}</pre>
        </figure>
      ))}
      <figure>
        <figcaption>
          <Trans>The answer</Trans>
        </figcaption>
        <pre dir="auto">{sent.answer}</pre>
      </figure>
    </div>
  );
}
