import { Trans, useLingui } from "@lingui/react/macro";
import { useForm } from "react-hook-form";
import { PasswordField } from "@/ui/password-field";
import { useNewPasswordValidation } from "@/ui/use-new-password-validation";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { useFormErrors } from "@/ui/form-errors";
import { Section } from "@/ui/section";
import { type PasswordChange, useChangePassword } from "../api/password";
import styles from "./settings.module.css";
import { RevokeTokensCheckbox } from "./revoke-tokens-checkbox";

/** Changes the password. Requires the old one, since an unlocked device may not be with its owner. */
export function PasswordSection() {
  const { t } = useLingui();
  const form = useForm<PasswordChange>({
    defaultValues: { current: "", new: "", revoke_tokens: false },
    shouldFocusError: false,
  });
  const change = useChangePassword();
  const { hint, validation } = useNewPasswordValidation();
  const showErrors = useFormErrors(form, ["current", "new"]);
  const submit = async (passwords: PasswordChange): Promise<void> => {
    try {
      await change.mutateAsync(passwords);
      form.reset();
      notify(t`Your password is changed.`);
    } catch (error) {
      showErrors(error);
    }
  };
  return (
    <Section
      title={t`Password`}
      description={t`A new password signs you out everywhere else. Programs keep their tokens unless you revoke them.`}
    >
      <Form form={form} onValid={submit} className={styles.form}>
        <PasswordField
          control={form.control}
          name="current"
          label={t`Current password`}
          autoComplete="current-password"
          validation={{ required: t`Please give your current password.` }}
        />
        <PasswordField
          control={form.control}
          name="new"
          label={t`New password`}
          autoComplete="new-password"
          hint={hint}
          validation={validation}
        />
        <RevokeTokensCheckbox
          isSelected={form.watch("revoke_tokens")}
          onChange={(on) => form.setValue("revoke_tokens", on)}
        />
        <div>
          <Button type="submit" isPending={form.formState.isSubmitting}>
            <Trans>Change password</Trans>
          </Button>
        </div>
      </Form>
    </Section>
  );
}
