import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { Versioned } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/errors";
import { useLedger } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { LoadError } from "@/ui/errors";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { Modal } from "@/ui/modal";
import { Skeleton } from "@/ui/skeleton";
import { useCorrectExpense } from "../api/correct-expense";
import { expenseQuery } from "../api/expense-queries";
import type { Expense } from "../api/expense";
import { changesFrom, DRAFT_FIELDS, type Draft, toDraft } from "../draft";
import { useUndoNoticeAction } from "../use-undo-notice-action";
import styles from "./dialogs.module.css";
import { ExpenseFields } from "./expense-fields";

/** Corrects an expense. Fetches it first, so that the form shows its current version. */
export function EditExpenseDialog({ id, onClose, onDelete }: { id: string; onClose(): void; onDelete(): void }) {
  const { t } = useLingui();
  const [hasConflict, setHasConflict] = useState(false);
  const expense = useQuery(expenseQuery(useLedger(), id));
  const showConflict = (): void => {
    setHasConflict(true);
    void expense.refetch();
  };
  return (
    <Modal title={t`Edit expense`} isOpen isDismissable={false} onClose={onClose}>
      {hasConflict ? (
        <Callout>
          <Trans>This expense was changed meanwhile. Here is how it is now; please look before you save.</Trans>
        </Callout>
      ) : null}
      {expense.isError ? <LoadError error={expense.error} onRetry={() => void expense.refetch()} /> : null}
      {expense.isPending ? <Skeleton height="25rem" /> : null}
      {expense.data ? (
        <EditForm
          key={expense.dataUpdatedAt}
          original={expense.data}
          onClose={onClose}
          onDelete={onDelete}
          onConflict={showConflict}
        />
      ) : null}
    </Modal>
  );
}

interface EditFormProps {
  original: Versioned<Expense>;
  onClose(): void;
  onDelete(): void;
  onConflict(): void;
}

function EditForm({ original, onClose, onDelete, onConflict }: EditFormProps) {
  const { t } = useLingui();
  const { locale } = useLedger();
  const form = useForm<Draft>({ defaultValues: toDraft(original.body, locale), shouldFocusError: false });
  const correct = useCorrectExpense();
  const undoAction = useUndoNoticeAction();
  const showErrors = useFormErrors(form, DRAFT_FIELDS);
  const save = async (draft: Draft): Promise<void> => {
    const changes = changesFrom(original.body, draft, locale);
    if (Object.keys(changes).length === 0) return onClose();
    try {
      const { action } = await correct.mutateAsync({ original, changes });
      notify(t`Saved.`, undoAction(action));
      onClose();
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) onConflict();
      else showErrors(error);
    }
  };
  return (
    <Form form={form} onValid={save} className={styles.form}>
      <ExpenseFields control={form.control} currency={original.body.currency} variant="box" multilineNote />
      <div className={styles.actions}>
        <Button variant="plain" className={styles.delete} onPress={onDelete}>
          <Trans>Delete</Trans>
        </Button>
        <Button onPress={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" variant="solid" isPending={form.formState.isSubmitting}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </Form>
  );
}
