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
import { useRules } from "../rules";

export interface ExpenseFieldsProps {
  control: Control<Draft>;
  currency: string;
  look: "box" | "line";
  /** A note has room to grow. */
  roomy?: boolean;
  amountClassName?: string | undefined;
  amountRef?: Ref<HTMLInputElement>;
}

/** The fields of an expense: in a row for a new one, in a column for one that is corrected. */
export function ExpenseFields({ control, currency, look, roomy = false, amountClassName, amountRef }: ExpenseFieldsProps) {
  const { t } = useLingui();
  const { locale } = useLedger();
  const rules = useRules(locale, currency);
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
        rules={rules.amount}
        look={look}
        inputClassName={amountClassName}
        hint={useComputed(control, currency)}
        inputRef={amountRef}
      />
      <FormComboField
        control={control}
        name="category"
        label={t`Category`}
        choices={choices}
        allowsOther
        rules={rules.category}
        look={look}
      />
      <FormTextField
        control={control}
        name="merchant"
        label={t`Merchant`}
        optional
        autoComplete="off"
        rules={rules.merchant}
        look={look}
      />
      <FormTextField
        control={control}
        name="note"
        label={t`Note`}
        optional
        autoComplete="off"
        multiline={roomy}
        rules={rules.note}
        look={look}
      />
      <FormDateField control={control} name="spent_on" label={t`Date`} rules={rules.spent_on} look={look} />
    </>
  );
}

/** What a typed sum comes to. */
function useComputed(control: Control<Draft>, currency: string): string | null {
  const { locale } = useLedger();
  const { money } = useFormats();
  const parsed = parseAmount(useWatch({ control, name: "amount" }), locale, currency);
  return parsed.ok && parsed.computed ? `= ${money(parsed.amount, currency)}` : null;
}
