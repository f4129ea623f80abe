import { Trans, useLingui } from "@lingui/react/macro";
import { useForm } from "react-hook-form";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { resetPassword } from "../api/password-reset";
import styles from "./auth-page.module.css";
import { PasswordField } from "@/ui/password-field";
import { useNewPasswordValidation } from "@/ui/use-new-password-validation";

/** Sets a new password with the token of a reset link. */
export function ResetPasswordForm({ token, onDone }: { token: string; onDone(): void }) {
  const { t } = useLingui();
  const { hint, validation } = useNewPasswordValidation();
  const form = useForm<{ password: string }>({ defaultValues: { password: "" }, shouldFocusError: false });
  const showErrors = useFormErrors(form, ["password"]);
  const submit = ({ password }: { password: string }): Promise<void> =>
    resetPassword(token, password).then(onDone).catch(showErrors);
  return (
    <Form form={form} onValid={submit} className={styles.form}>
      <PasswordField
        control={form.control}
        name="password"
        label={t`New password`}
        autoComplete="new-password"
        hint={hint}
        validation={validation}
      />
      <Button type="submit" variant="solid" isPending={form.formState.isSubmitting}>
        <Trans>Change password</Trans>
      </Button>
    </Form>
  );
}
