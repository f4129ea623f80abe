import { type FieldValues, useController } from "react-hook-form";
import { ComboField, type ComboFieldProps } from "./combo-field";
import type { FormFieldProps, WithoutFormProps } from "./form-text-field";

export function FormComboField<Values extends FieldValues>(
  props: FormFieldProps<Values> & WithoutFormProps<ComboFieldProps>,
) {
  const { control, name, validation, ...rest } = props;
  const { field, fieldState } = useController({ control, name, rules: validation });
  const { ref: _ref, ...fieldProps } = field;
  return <ComboField {...rest} {...fieldProps} error={fieldState.error?.message} />;
}
