import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { Problem } from "@/lib/api/problems";
import { useFaultText } from "./faults";

/**
 * Puts what the server found wrong at the fields that it names, and the rest at the form as a whole
 * (`formState.errors.root`).
 */
export function useFormFaults<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  fields: readonly FieldPath<Values>[],
): (error: unknown) => void {
  const text = useFaultText();
  return (error) => {
    const found = error instanceof Problem ? error.fields : {};
    const named = fields.filter((field) => found[field]);
    for (const field of named) form.setError(field, { message: sentence(found[field] ?? "") });
    if (named.length === 0) form.setError("root", { message: text(error) });
  };
}

function sentence(text: string): string {
  const upper = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
