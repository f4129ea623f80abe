import { Trans, useLingui } from "@lingui/react/macro";
import { useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { FormTextField } from "@/ui/form-text-field";
import { useFormErrors } from "@/ui/form-errors";
import { type Credentials, useSignIn } from "../api/authentication";
import styles from "./auth-page.module.css";
import { PasswordField } from "@/ui/password-field";

export function SignInForm({ onDone }: { onDone(): void }) {
  const { t } = useLingui();
  const form = useForm<Credentials>({ defaultValues: { email: "", password: "" }, shouldFocusError: false });
  const signIn = useSignIn();
  const showErrors = useFormErrors(form, ["email", "password"]);
  const { control, formState } = form;

  const submit = (credentials: Credentials): Promise<void> =>
    signIn.mutateAsync(credentials).then(onDone).catch(showErrors);
  return (
    <Form form={form} onValid={submit} className={styles.form}>
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
        autoComplete="current-password"
        validation={{ required: t`Please give your password.` }}
      />
      <Button type="submit" variant="solid" isPending={formState.isSubmitting}>
        <Trans>Sign in</Trans>
      </Button>
    </Form>
  );
}
