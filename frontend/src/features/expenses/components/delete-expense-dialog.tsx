import { Trans, useLingui } from "@lingui/react/macro";
import { useFormats } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { useErrorText } from "@/ui/errors";
import { Modal } from "@/ui/modal";
import { useRemoveExpense } from "../api/remove-expense";
import type { Expense } from "../api/expense";
import { useUndoNoticeAction } from "../use-undo-notice-action";
import styles from "./dialogs.module.css";

/** Asks for confirmation before an expense is deleted. */
export function DeleteExpenseDialog({
  expense,
  onClose,
  onDeleted,
}: {
  expense: Expense;
  onClose(): void;
  onDeleted(): void;
}) {
  const { t } = useLingui();
  const formats = useFormats();
  const errorText = useErrorText();
  const remove = useRemoveExpense();
  const undoAction = useUndoNoticeAction();
  const amount = formats.money(expense.amount, expense.currency);
  const title = expense.merchant ?? expense.category;
  const day = formats.shortDay(expense.spent_on);

  const confirm = (): void =>
    remove.mutate(expense, {
      onSuccess: (action) => {
        notify(t`Deleted: ${amount}, ${title}.`, undoAction(action));
        onDeleted();
      },
    });
  return (
    <Modal role="alertdialog" title={t`Delete this expense?`} isOpen onClose={onClose}>
      <div className={styles.form}>
        <p>
          <Trans>
            {amount}, {title}, on {day}.
          </Trans>
        </p>
        {remove.isError ? <Callout kind="error">{errorText(remove.error)}</Callout> : null}
        <div className={styles.actions}>
          <Button onPress={onClose}>
            <Trans>Keep it</Trans>
          </Button>
          <Button variant="danger" isPending={remove.isPending} onPress={confirm}>
            <Trans>Delete</Trans>
          </Button>
        </div>
      </div>
    </Modal>
  );
}
