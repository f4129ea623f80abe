import { useLingui } from "@lingui/react/macro";
import type { Ref } from "react";
import { type Control, useWatch } from "react-hook-form";
import { useCategories } from "@/lib/ledger/categories";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { parseAmount } from "@/lib/money/parse";
import { FormComboField } from "@/ui/form-combo-field";
import { FormDateField } from "@/ui/form-date-field";
import { FormTextField } from "@/ui/form-text-field";
import type { Draft } from "../draft";
import { useExpenseValidation } from "../validation";

export interface ExpenseFieldsProps {
  control: Control<Draft>;
  currency: string;
  variant: "box" | "line";
  /** Whether the note has several lines. */
  multilineNote?: boolean;
  amountClassName?: string | undefined;
  amountRef?: Ref<HTMLInputElement>;
}

/** The fields of an expense: in a row for a new one, in a column for a correction. */
export function ExpenseFields({
  control,
  currency,
  variant,
  multilineNote = false,
  amountClassName,
  amountRef,
}: ExpenseFieldsProps) {
  const { t } = useLingui();
  const { locale } = useLedger();
  const validation = useExpenseValidation(locale, currency);
  const choices = useCategories().map(({ id, name }) => ({ id, label: name }));
  return (
    <>
      <FormTextField
        control={control}
        name="amount"
        label={t`Amount in ${currency}`}
        inputMode="decimal"
        autoComplete="off"
        placeholder="0"
        validation={validation.amount}
        variant={variant}
        inputClassName={amountClassName}
        hint={useComputedAmount(control, currency)}
        inputRef={amountRef}
      />
      <FormComboField
        control={control}
        name="category"
        label={t`Category`}
        choices={choices}
        allowsCustomValue
        validation={validation.category}
        variant={variant}
      />
      <FormTextField
        control={control}
        name="merchant"
        label={t`Merchant`}
        optional
        autoComplete="off"
        validation={validation.merchant}
        variant={variant}
      />
      <FormTextField
        control={control}
        name="note"
        label={t`Note`}
        optional
        autoComplete="off"
        multiline={multilineNote}
        validation={validation.note}
        variant={variant}
      />
      <FormDateField
        control={control}
        name="spent_on"
        label={t`Date`}
        validation={validation.spent_on}
        variant={variant}
      />
    </>
  );
}

/** Returns the value of a typed expression. */
function useComputedAmount(control: Control<Draft>, currency: string): string | null {
  const { locale } = useLedger();
  const { money } = useFormats();
  const parsed = parseAmount(useWatch({ control, name: "amount" }), locale, currency);
  return parsed.ok && parsed.computed ? `= ${money(parsed.amount, currency)}` : null;
}
