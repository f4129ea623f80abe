import { useLingui } from "@lingui/react/macro";
import type { Control, FieldPath, FieldValues } from "react-hook-form";
import { PasswordField } from "@/ui/password-field";

export interface CurrentPasswordFieldProps<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPath<Values>;
  hint?: string;
}

/** Asks the signed-in user for the password before a dangerous change. */
export function CurrentPasswordField<Values extends FieldValues>(props: CurrentPasswordFieldProps<Values>) {
  const { t } = useLingui();
  return (
    <PasswordField
      {...props}
      label={t`Your password`}
      autoComplete="current-password"
      validation={{ required: t`Please give your password.` }}
    />
  );
}
