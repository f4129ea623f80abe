import { type FieldValues, useController } from "react-hook-form";
import { DateField, type DateFieldProps } from "./date-field";
import type { FormFieldProps, WithoutFormProps } from "./form-text-field";

export function FormDateField<Values extends FieldValues>(
  props: FormFieldProps<Values> & WithoutFormProps<DateFieldProps>,
) {
  const { control, name, validation, ...rest } = props;
  const { field, fieldState } = useController({ control, name, rules: validation });
  const { ref: _ref, ...fieldProps } = field;
  return <DateField {...rest} {...fieldProps} error={fieldState.error?.message} />;
}
