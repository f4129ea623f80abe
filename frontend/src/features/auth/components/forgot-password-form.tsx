import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { FormTextField } from "@/ui/form-text-field";
import { requestPasswordReset } from "../api/password-reset";
import styles from "./auth-page.module.css";

/** Requests a reset link by email. */
export function ForgotPasswordForm() {
  const { t } = useLingui();
  const [isSent, setIsSent] = useState(false);
  const form = useForm<{ email: string }>({ defaultValues: { email: "" }, shouldFocusError: false });
  const showErrors = useFormErrors(form, ["email"]);
  const submit = ({ email }: { email: string }): Promise<void> =>
    requestPasswordReset(email)
      .then(() => setIsSent(true))
      .catch(showErrors);
  if (isSent) {
    return (
      <Callout kind="success">
        <Trans>If there is an account with that address, a link is on its way. It is good for an hour.</Trans>
      </Callout>
    );
  }
  return (
    <Form form={form} onValid={submit} className={styles.form}>
      <FormTextField
        control={form.control}
        name="email"
        label={t`Email`}
        type="email"
        inputMode="email"
        autoComplete="username"
        validation={{ required: t`Please give your email address.` }}
      />
      <Button type="submit" variant="solid" isPending={form.formState.isSubmitting}>
        <Trans>Send me a link</Trans>
      </Button>
    </Form>
  );
}
