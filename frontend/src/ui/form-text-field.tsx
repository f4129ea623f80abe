import { type Control, type FieldPath, type FieldValues, type RegisterOptions, useController } from "react-hook-form";
import { TextField, type TextFieldProps } from "./text-field";

/** Where a field stands in a react-hook-form form: it holds its value and shows its fault; `Form` moves the focus. */
export interface Bound<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPath<Values>;
  rules?: RegisterOptions<Values, FieldPath<Values>>;
}

/** A field's own props, without those that the form gives it. */
export type Free<Props> = Omit<Props, "name" | "value" | "onChange" | "onBlur" | "fault">;

export function FormTextField<Values extends FieldValues>(props: Bound<Values> & Free<TextFieldProps>) {
  const { control, name, rules, ...rest } = props;
  const { field, fieldState } = useController({ control, name, rules });
  const { ref: _ref, ...bound } = field;
  return <TextField {...rest} {...bound} fault={fieldState.error?.message} />;
}
