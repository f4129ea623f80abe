import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Form } from "@/ui/form";
import { useFormFaults } from "@/ui/form-faults";
import { FormTextField } from "@/ui/form-text-field";
import { requestReset } from "../api/recovery";
import styles from "./auth-page.module.css";

/** Asks for a link by mail. */
export function ForgotForm() {
  const { t } = useLingui();
  const [sent, setSent] = useState(false);
  const form = useForm<{ email: string }>({ defaultValues: { email: "" }, shouldFocusError: false });
  const showFaults = useFormFaults(form, ["email"]);
  const submit = ({ email }: { email: string }): Promise<void> =>
    requestReset(email)
      .then(() => setSent(true))
      .catch(showFaults);
  if (sent) {
    return (
      <Callout kind="good">
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
        rules={{ required: t`Please give your email address.` }}
      />
      <Button type="submit" look="solid" isPending={form.formState.isSubmitting}>
        <Trans>Send me a link</Trans>
      </Button>
    </Form>
  );
}
