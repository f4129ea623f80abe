import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Control, FieldPath, FieldValues, RegisterOptions } from "react-hook-form";
import { Button } from "@/ui/button";
import { FormTextField } from "@/ui/form-text-field";

export interface PasswordFieldProps<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPath<Values>;
  label: string;
  autoComplete: "current-password" | "new-password";
  hint?: string;
  validation?: RegisterOptions<Values, FieldPath<Values>>;
}

/** A password field that can show its text. */
export function PasswordField<Values extends FieldValues>(props: PasswordFieldProps<Values>) {
  const { t } = useLingui();
  const [isShown, setIsShown] = useState(false);
  return (
    <FormTextField
      {...props}
      type={isShown ? "text" : "password"}
      trailing={
        <Button
          variant="plain"
          aria-label={isShown ? t`Hide password` : t`Show password`}
          onPress={() => setIsShown((before) => !before)}
        >
          {isShown ? t`Hide` : t`Show`}
        </Button>
      }
    />
  );
}
