import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";
import type { Written } from "@/lib/api/client";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { useFormFaults } from "@/ui/form-faults";
import { useRecordExpense } from "../api/record";
import type { Expense } from "../api/shapes";
import { DRAFT_FIELDS, type Draft, emptyDraft, expenseOf } from "../draft";
import { useUndoOffer } from "../use-undo-offer";
import { ExpenseFields } from "./expense-fields";
import styles from "./quick-add.module.css";

/** Write an expense down: Enter saves it, and the next one can follow at once. `month` is the one on screen. */
export function QuickAdd({ month }: { month: string }) {
  const { t } = useLingui();
  const { locale, currency } = useLedger();
  const formats = useFormats();
  const form = useForm<Draft>({ defaultValues: emptyDraft(formats.today), shouldFocusError: false });
  useNewDay(form);
  const amountInput = useRef<HTMLInputElement>(null);
  const record = useRecordExpense();
  const undoOf = useUndoOffer();
  const showFaults = useFormFaults(form, DRAFT_FIELDS);

  const saved = ({ body: expense, action }: Written<Expense>, sent: Draft): void => {
    const amount = formats.money(expense.amount, expense.currency);
    const day = formats.shortDay(expense.spent_on);
    const isShown = expense.spent_on.startsWith(month);
    notify(isShown ? t`Saved: ${amount} for ${expense.category}.` : t`Saved: ${amount} for ${expense.category}, on ${day}.`, undoOf(action));
    const begun = newerThan(sent, form.getValues());
    // The day stays: whoever enters a pile of receipts enters them day by day.
    form.reset({ ...emptyDraft(expense.spent_on), ...begun });
    if (Object.keys(begun).length === 0) amountInput.current?.focus();
  };
  const save = (draft: Draft): Promise<void> =>
    record
      .mutateAsync(expenseOf(draft, locale, currency))
      .then((written) => saved(written, draft))
      .catch(showFaults);
  return (
    <Form form={form} onValid={save} label={t`New expense`} className={styles.form}>
      <div className={styles.fields}>
        <ExpenseFields
          control={form.control}
          currency={currency}
          look="line"
          amountClassName={styles.amount}
          amountRef={amountInput}
        />
        <Button type="submit" look="solid" isPending={form.formState.isSubmitting} className={styles.save}>
          <Trans>Add</Trans>
        </Button>
      </div>
    </Form>
  );
}

/** What was typed while the one before was being saved: the beginning of the next one. */
function newerThan(sent: Draft, typed: Draft): Partial<Draft> {
  return Object.fromEntries(DRAFT_FIELDS.filter((field) => typed[field] !== sent[field]).map((field) => [field, typed[field]]));
}

/** At midnight a line that nothing is written in yet goes on to the new day, unless another day was chosen. */
function useNewDay(form: UseFormReturn<Draft>): void {
  const { today } = useFormats();
  const { isDirty } = form.formState;
  const before = useRef(today);
  useEffect(() => {
    if (before.current === today) return;
    if (!isDirty && form.getValues("spent_on") === before.current) form.reset(emptyDraft(today));
    before.current = today;
  }, [form, isDirty, today]);
}
