import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { useForm } from "react-hook-form";
import { currencyChoices } from "@/lib/money/currencies";
import { useLedger } from "@/lib/ledger/ledger";
import { notify } from "@/lib/notices";
import { findByName } from "@/lib/text/fold";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { FormComboField } from "@/ui/form-combo-field";
import { useFormErrors } from "@/ui/form-errors";
import { FormTextField } from "@/ui/form-text-field";
import { Modal } from "@/ui/modal";
import { useCreateLedger } from "../api/ledgers";
import styles from "./sharing.module.css";

interface Fields {
  name: string;
  /** The label of a choice, as shown in the field. */
  currency: string;
}

/** Creates a ledger with the locale and time zone of the current one. */
export function CreateLedgerDialog({ onClose }: { onClose(): void }) {
  const { t } = useLingui();
  const { locale, timeZone, currency } = useLedger();
  const choices = useMemo(() => currencyChoices(locale), [locale]);
  const defaultCurrency = choices.find((choice) => choice.code === currency)?.label ?? "";
  const form = useForm<Fields>({ defaultValues: { name: "", currency: defaultCurrency }, shouldFocusError: false });
  const create = useCreateLedger();
  const showErrors = useFormErrors(form, ["name", "currency"]);
  const codeOf = (label: string) => findByName(choices, (choice) => choice.label, label)?.code;
  const submit = async (fields: Fields): Promise<void> => {
    const newLedger = { name: fields.name, currency: codeOf(fields.currency) ?? "", time_zone: timeZone, locale };
    try {
      const { name } = await create.mutateAsync(newLedger);
      notify(t`${name} is ready. Choose it at the top of the page.`);
      onClose();
    } catch (error) {
      showErrors(error);
    }
  };
  return (
    <Modal title={t`A new ledger`} isOpen onClose={onClose}>
      <Form form={form} onValid={submit} className={styles.form}>
        <FormTextField
          control={form.control}
          name="name"
          label={t`Name`}
          hint={t`Such as “Home” or “Summer 2027”.`}
          maxLength={100}
          validation={{ required: t`Please give it a name.` }}
        />
        <FormComboField
          control={form.control}
          name="currency"
          label={t`Currency`}
          choices={choices.map(({ code, label }) => ({ id: code, label }))}
          validation={{ validate: (label) => (codeOf(label) ? true : t`Please pick a currency from the list.`) }}
        />
        <div className={styles.choices}>
          <Button onPress={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" variant="solid" isPending={form.formState.isSubmitting}>
            <Trans>Create</Trans>
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
