import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { useErrorText } from "./errors";
import { Modal } from "./modal";
import styles from "./confirm-dialog.module.css";

export interface ConfirmDialogProps {
  title: string;
  /** The label of the button that confirms. */
  confirmLabel: string;
  /** Performs the action. Its error is shown in the dialog. */
  onConfirm(): Promise<unknown>;
  onClose(): void;
  children: ReactNode;
}

/** Asks for confirmation before an action that cannot be undone. */
export function ConfirmDialog({ title, confirmLabel, onConfirm, onClose, children }: ConfirmDialogProps) {
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const [isPending, setIsPending] = useState(false);
  const confirm = (): void => {
    setIsPending(true);
    onConfirm()
      .then(onClose, setError)
      .finally(() => setIsPending(false));
  };
  return (
    <Modal role="alertdialog" title={title} isOpen onClose={onClose}>
      <div className={styles.question}>
        <div>{children}</div>
        {error ? <Callout kind="error">{errorText(error)}</Callout> : null}
        <div className={styles.actions}>
          <Button onPress={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button variant="danger" isPending={isPending} onPress={confirm}>
            {confirmLabel}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
