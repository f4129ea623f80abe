import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { useFaultText } from "./faults";
import { Modal } from "./modal";
import styles from "./question.module.css";

export interface QuestionProps {
  title: string;
  /** The word on the button that does it. */
  yes: string;
  /** Does it; what it throws is said in the dialog. */
  onYes(): Promise<unknown>;
  onClose(): void;
  children: ReactNode;
}

/** Asks once before something is done that cannot be taken back. */
export function Question({ title, yes, onYes, onClose, children }: QuestionProps) {
  const faultText = useFaultText();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const confirm = (): void => {
    setBusy(true);
    onYes()
      .then(onClose, setFault)
      .finally(() => setBusy(false));
  };
  return (
    <Modal role="alertdialog" title={title} isOpen onClose={onClose}>
      <div className={styles.question}>
        <div>{children}</div>
        {fault ? <Callout kind="fault">{faultText(fault)}</Callout> : null}
        <div className={styles.actions}>
          <Button onPress={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button look="danger" isPending={busy} onPress={confirm}>
            {yes}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
