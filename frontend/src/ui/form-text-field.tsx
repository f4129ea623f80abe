import { type Control, type FieldPath, type FieldValues, type RegisterOptions, useController } from "react-hook-form";
import { TextField, type TextFieldProps } from "./text-field";

/** Binds a field to a react-hook-form form, which holds its value and error; `Form` moves the focus. */
export interface FormFieldProps<Values extends FieldValues> {
  control: Control<Values>;
  name: FieldPath<Values>;
  validation?: RegisterOptions<Values, FieldPath<Values>>;
}

/** A field's own props, without those that the form provides. */
export type WithoutFormProps<Props> = Omit<Props, "name" | "value" | "onChange" | "onBlur" | "fault">;

export function FormTextField<Values extends FieldValues>(
  props: FormFieldProps<Values> & WithoutFormProps<TextFieldProps>,
) {
  const { control, name, validation, ...rest } = props;
  const { field, fieldState } = useController({ control, name, rules: validation });
  const { ref: _ref, ...fieldProps } = field;
  return <TextField {...rest} {...fieldProps} error={fieldState.error?.message} />;
}
