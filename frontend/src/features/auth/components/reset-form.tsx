import { Trans, useLingui } from "@lingui/react/macro";
import { useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { useFormFaults } from "@/ui/form-faults";
import { resetPassword } from "../api/recovery";
import styles from "./auth-page.module.css";
import { PasswordField } from "@/ui/password-field";
import { usePasswordRules } from "@/ui/use-password-rules";

/** Chooses a new password by the token of a link. */
export function ResetForm({ token, onDone }: { token: string; onDone(): void }) {
  const { t } = useLingui();
  const { hint, rules } = usePasswordRules();
  const form = useForm<{ password: string }>({ defaultValues: { password: "" }, shouldFocusError: false });
  const showFaults = useFormFaults(form, ["password"]);
  const submit = ({ password }: { password: string }): Promise<void> =>
    resetPassword(token, password).then(onDone).catch(showFaults);
  return (
    <Form form={form} onValid={submit} className={styles.form}>
      <PasswordField
        control={form.control}
        name="password"
        label={t`New password`}
        autoComplete="new-password"
        hint={hint}
        rules={rules}
      />
      <Button type="submit" look="solid" isPending={form.formState.isSubmitting}>
        <Trans>Change password</Trans>
      </Button>
    </Form>
  );
}
