import { type FieldValues, useController } from "react-hook-form";
import { ComboField, type ComboFieldProps } from "./combo-field";
import type { Bound, Free } from "./form-text-field";

export function FormComboField<Values extends FieldValues>(props: Bound<Values> & Free<ComboFieldProps>) {
  const { control, name, rules, ...rest } = props;
  const { field, fieldState } = useController({ control, name, rules });
  const { ref: _ref, ...bound } = field;
  return <ComboField {...rest} {...bound} fault={fieldState.error?.message} />;
}
