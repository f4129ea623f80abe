import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";
import type { WriteResult } from "@/lib/api/client";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { useRecordExpense } from "../api/record-expense";
import type { Expense } from "../api/expense";
import { DRAFT_FIELDS, type Draft, emptyDraft, toNewExpense } from "../draft";
import { useUndoNoticeAction } from "../use-undo-notice-action";
import { ExpenseFields } from "./expense-fields";
import styles from "./quick-add.module.css";

/** Form for new expenses: Enter saves, and the next one can follow at once. `month` is the displayed month. */
export function QuickAdd({ month }: { month: string }) {
  const { t } = useLingui();
  const { locale, currency } = useLedger();
  const formats = useFormats();
  const form = useForm<Draft>({ defaultValues: emptyDraft(formats.today), shouldFocusError: false });
  useAdvanceDayAtMidnight(form);
  const amountInput = useRef<HTMLInputElement>(null);
  const record = useRecordExpense();
  const undoAction = useUndoNoticeAction();
  const showErrors = useFormErrors(form, DRAFT_FIELDS);

  const onSaved = ({ body: expense, action }: WriteResult<Expense>, submitted: Draft): void => {
    const amount = formats.money(expense.amount, expense.currency);
    const day = formats.shortDay(expense.spent_on);
    const isShown = expense.spent_on.startsWith(month);
    notify(
      isShown ? t`Saved: ${amount} for ${expense.category}.` : t`Saved: ${amount} for ${expense.category}, on ${day}.`,
      undoAction(action),
    );
    const typedSince = changedSince(submitted, form.getValues());
    // Keep the day: a pile of receipts is entered day by day.
    form.reset({ ...emptyDraft(expense.spent_on), ...typedSince });
    if (Object.keys(typedSince).length === 0) amountInput.current?.focus();
  };
  const save = (draft: Draft): Promise<void> =>
    record
      .mutateAsync(toNewExpense(draft, locale, currency))
      .then((result) => onSaved(result, draft))
      .catch(showErrors);
  return (
    <Form form={form} onValid={save} label={t`New expense`} className={styles.form}>
      <div className={styles.fields}>
        <ExpenseFields
          control={form.control}
          currency={currency}
          variant="line"
          amountClassName={styles.amount}
          amountRef={amountInput}
        />
        <Button type="submit" variant="solid" isPending={form.formState.isSubmitting} className={styles.save}>
          <Trans>Add</Trans>
        </Button>
      </div>
    </Form>
  );
}

/** Returns what was typed while the previous expense was being saved: the start of the next one. */
function changedSince(submitted: Draft, typed: Draft): Partial<Draft> {
  return Object.fromEntries(
    DRAFT_FIELDS.filter((field) => typed[field] !== submitted[field]).map((field) => [field, typed[field]]),
  );
}

/** At midnight an untouched form moves to the new day, unless another day was chosen. */
function useAdvanceDayAtMidnight(form: UseFormReturn<Draft>): void {
  const { today } = useFormats();
  const { isDirty } = form.formState;
  const previousDay = useRef(today);
  useEffect(() => {
    if (previousDay.current === today) return;
    if (!isDirty && form.getValues("spent_on") === previousDay.current) form.reset(emptyDraft(today));
    previousDay.current = today;
  }, [form, isDirty, today]);
}
