import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useMemo } from "react";
import { useForm } from "react-hook-form";
import { browserLocale, browserTimeZone } from "@/lib/locale";
import { findByName } from "@/lib/text/fold";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { FormComboField } from "@/ui/form-combo-field";
import { FormTextField } from "@/ui/form-text-field";
import { useFormErrors } from "@/ui/form-errors";
import { type Credentials, useSignUp } from "../api/authentication";
import { currencyChoices, guessCurrency } from "@/lib/money/currencies";
import styles from "./auth-page.module.css";
import { PasswordField } from "@/ui/password-field";
import { useNewPasswordValidation } from "@/ui/use-new-password-validation";

interface Fields extends Credentials {
  /** The label of a choice, as shown in the field. */
  currency: string;
}

export interface SignUpFormProps {
  invitation?: string | undefined;
  setup?: string | undefined;
  /** A notice above the fields. */
  notice?: ReactNode;
  onDone(): void;
}

export function SignUpForm({ invitation, setup, notice, onDone }: SignUpFormProps) {
  const { t } = useLingui();
  const locale = browserLocale();
  const choices = useMemo(() => currencyChoices(locale), [locale]);
  const guessed = choices.find((choice) => choice.code === guessCurrency(locale))?.label ?? "";
  const form = useForm<Fields>({
    defaultValues: { email: "", password: "", currency: guessed },
    shouldFocusError: false,
  });
  const signUp = useSignUp();
  const showErrors = useFormErrors(form, ["email", "password", "currency"]);
  const { control, formState } = form;
  const { hint, validation } = useNewPasswordValidation();

  const region = { time_zone: browserTimeZone(), locale };
  const codeOf = (label: string) => findByName(choices, (choice) => choice.label, label)?.code;
  const submit = ({ email, password, currency }: Fields): Promise<void> =>
    signUp
      .mutateAsync({
        ...region,
        email,
        password,
        currency: codeOf(currency) ?? "",
        ...(invitation ? { invitation } : {}),
        ...(setup ? { setup } : {}),
      })
      .then(onDone)
      .catch(showErrors);
  return (
    <Form form={form} onValid={submit} className={styles.form}>
      {notice}
      <FormTextField
        control={control}
        name="email"
        label={t`Email`}
        type="email"
        inputMode="email"
        autoComplete="username"
        validation={{ required: t`Please give your email address.` }}
      />
      <PasswordField
        control={control}
        name="password"
        label={t`Password`}
        autoComplete="new-password"
        hint={hint}
        validation={validation}
      />
      <FormComboField
        control={control}
        name="currency"
        label={t`Currency`}
        hint={t`What you spend most in. Other currencies are kept apart.`}
        choices={choices.map(({ code, label }) => ({ id: code, label }))}
        validation={{ validate: (label) => (codeOf(label) ? true : t`Please pick a currency from the list.`) }}
      />
      <Button type="submit" variant="solid" isPending={formState.isSubmitting}>
        <Trans>Create account</Trans>
      </Button>
    </Form>
  );
}
