import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { Tagged } from "@/lib/api/client";
import { Problem } from "@/lib/api/problems";
import { useLedger } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { LoadFault } from "@/ui/faults";
import { Form } from "@/ui/form";
import { useFormFaults } from "@/ui/form-faults";
import { Modal } from "@/ui/modal";
import { Skeleton } from "@/ui/skeleton";
import { useCorrectExpense } from "../api/correct";
import { expenseQuery } from "../api/list";
import type { Expense } from "../api/shapes";
import { changesFrom, DRAFT_FIELDS, type Draft, draftOf } from "../draft";
import { useUndoOffer } from "../use-undo-offer";
import styles from "./dialogs.module.css";
import { ExpenseFields } from "./expense-fields";

/** Corrects an expense. It is read anew first, so that what is corrected is what is there. */
export function EditDialog({ id, onClose, onDelete }: { id: string; onClose(): void; onDelete(): void }) {
  const { t } = useLingui();
  const [clashed, setClashed] = useState(false);
  const expense = useQuery(expenseQuery(useLedger(), id));
  const clash = (): void => {
    setClashed(true);
    void expense.refetch();
  };
  return (
    <Modal title={t`Edit expense`} isOpen isDismissable={false} onClose={onClose}>
      {clashed ? (
        <Callout>
          <Trans>This expense was changed meanwhile. Here is how it is now; please look before you save.</Trans>
        </Callout>
      ) : null}
      {expense.isError ? <LoadFault error={expense.error} onRetry={() => void expense.refetch()} /> : null}
      {expense.isPending ? <Skeleton height="25rem" /> : null}
      {expense.data ? (
        <EditForm key={expense.dataUpdatedAt} seen={expense.data} onClose={onClose} onDelete={onDelete} onClash={clash} />
      ) : null}
    </Modal>
  );
}

interface EditFormProps {
  seen: Tagged<Expense>;
  onClose(): void;
  onDelete(): void;
  onClash(): void;
}

function EditForm({ seen, onClose, onDelete, onClash }: EditFormProps) {
  const { t } = useLingui();
  const { locale } = useLedger();
  const form = useForm<Draft>({ defaultValues: draftOf(seen.body, locale), shouldFocusError: false });
  const correct = useCorrectExpense();
  const undoOf = useUndoOffer();
  const showFaults = useFormFaults(form, DRAFT_FIELDS);
  const save = async (draft: Draft): Promise<void> => {
    const changes = changesFrom(seen.body, draft, locale);
    if (Object.keys(changes).length === 0) return onClose();
    try {
      const { action } = await correct.mutateAsync({ seen, changes });
      notify(t`Saved.`, undoOf(action));
      onClose();
    } catch (error) {
      if (error instanceof Problem && error.status === 412) onClash();
      else showFaults(error);
    }
  };
  return (
    <Form form={form} onValid={save} className={styles.form}>
      <ExpenseFields control={form.control} currency={seen.body.currency} look="box" roomy />
      <div className={styles.actions}>
        <Button look="plain" className={styles.delete} onPress={onDelete}>
          <Trans>Delete</Trans>
        </Button>
        <Button onPress={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" look="solid" isPending={form.formState.isSubmitting}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </Form>
  );
}
