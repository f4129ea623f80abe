import { type ReactNode, useEffect, useRef } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { Callout } from "./callout";

export interface FormProps<Values extends FieldValues> {
  form: UseFormReturn<Values>;
  onValid(values: Values): Promise<void> | void;
  className?: string | undefined;
  label?: string;
  children: ReactNode;
}

/**
 * A form with its own error messages: field errors beside the fields, others above. After a failed submission the first
 * invalid field gets the focus.
 */
export function Form<Values extends FieldValues>({ form, onValid, className, label, children }: FormProps<Values>) {
  const element = useRef<HTMLFormElement>(null);
  const { errors, isSubmitting, submitCount } = form.formState;
  const submit = form.handleSubmit(onValid);
  useEffect(() => {
    if (isSubmitting || submitCount === 0) return;
    element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [isSubmitting, submitCount]);
  return (
    <form ref={element} className={className} aria-label={label} onSubmit={(event) => void submit(event)} noValidate>
      {errors.root ? <Callout kind="error">{errors.root.message}</Callout> : null}
      {children}
    </form>
  );
}
