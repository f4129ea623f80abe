import { Trans, useLingui } from "@lingui/react/macro";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useFaultText } from "@/ui/faults";
import { Modal } from "@/ui/modal";
import { useRemoveExpense } from "../api/remove";
import type { Expense } from "../api/shapes";
import { useUndoOffer } from "../use-undo-offer";
import styles from "./dialogs.module.css";

/** Asks once before an expense goes. */
export function DeleteDialog({ expense, onClose, onDeleted }: { expense: Expense; onClose(): void; onDeleted(): void }) {
  const { t } = useLingui();
  const formats = useFormats();
  const faultText = useFaultText();
  const remove = useRemoveExpense();
  const undoOf = useUndoOffer();
  const amount = formats.money(expense.amount, expense.currency);
  const what = expense.merchant ?? expense.category;
  const day = formats.shortDay(expense.spent_on);

  const confirm = (): void =>
    remove.mutate(expense, {
      onSuccess: (action) => {
        notify(t`Deleted: ${amount}, ${what}.`, undoOf(action));
        onDeleted();
      },
    });
  return (
    <Modal role="alertdialog" title={t`Delete this expense?`} isOpen onClose={onClose}>
      <div className={styles.form}>
        <p>
          <Trans>
            {amount}, {what}, on {day}.
          </Trans>
        </p>
        {remove.isError ? <Callout kind="fault">{faultText(remove.error)}</Callout> : null}
        <div className={styles.actions}>
          <Button onPress={onClose}>
            <Trans>Keep it</Trans>
          </Button>
          <Button look="danger" isPending={remove.isPending} onPress={confirm}>
            <Trans>Delete</Trans>
          </Button>
        </div>
      </div>
    </Modal>
  );
}
