import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { ApiProblem } from "@/lib/api/errors";
import { useErrorText } from "./errors";

/**
 * Shows the server's validation errors at the fields that they name, and other errors at the form
 * (`formState.errors.root`).
 */
export function useFormErrors<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  fields: readonly FieldPath<Values>[],
): (error: unknown) => void {
  const text = useErrorText();
  return (error) => {
    const fieldErrors = error instanceof ApiProblem ? error.fields : {};
    const affected = fields.filter((field) => fieldErrors[field]);
    for (const field of affected) form.setError(field, { message: toSentence(fieldErrors[field] ?? "") });
    if (affected.length === 0) form.setError("root", { message: text(error) });
  };
}

function toSentence(text: string): string {
  const upper = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
