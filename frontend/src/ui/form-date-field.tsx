import { type FieldValues, useController } from "react-hook-form";
import { DateField, type DateFieldProps } from "./date-field";
import type { Bound, Free } from "./form-text-field";

export function FormDateField<Values extends FieldValues>(props: Bound<Values> & Free<DateFieldProps>) {
  const { control, name, rules, ...rest } = props;
  const { field, fieldState } = useController({ control, name, rules });
  const { ref: _ref, ...bound } = field;
  return <DateField {...rest} {...bound} fault={fieldState.error?.message} />;
}
