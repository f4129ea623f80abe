import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import type { HTMLInputAutoCompleteAttribute, HTMLInputTypeAttribute, ReactNode, Ref } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import styles from "./field.module.css";

export interface FieldProps {
  label: string;
  /** The error message. */
  error?: string | undefined;
  hint?: ReactNode;
  /** Adds "(optional)" to the label. */
  optional?: boolean;
  variant?: "box" | "line";
  className?: string | undefined;
}

export interface TextFieldProps extends FieldProps {
  name: string;
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
  type?: HTMLInputTypeAttribute;
  inputMode?: "text" | "decimal" | "email" | "search";
  autoComplete?: HTMLInputAutoCompleteAttribute;
  placeholder?: string;
  maxLength?: number;
  isRequired?: boolean;
  multiline?: boolean;
  inputClassName?: string;
  inputRef?: Ref<HTMLInputElement>;
  /** Content at the end of the field, such as a button. */
  trailing?: ReactNode;
}

/** A text field with its label, hint and error. */
export function TextField(props: TextFieldProps) {
  const { label, error, hint, optional, variant = "box", className, trailing, multiline, ...rest } = props;
  const { inputClassName, inputRef, placeholder, ...field } = rest;
  const input = multiline ? (
    <TextArea className={clsx(styles.input, inputClassName)} placeholder={placeholder} />
  ) : (
    <Input ref={inputRef} className={clsx(styles.input, inputClassName)} placeholder={placeholder} />
  );
  return (
    <AriaTextField
      {...field}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={clsx(styles.field, variant === "line" && styles.line, className)}
    >
      <FieldLabel label={label} optional={optional} />
      {trailing ? (
        <div className={styles.frame}>
          {input}
          {trailing}
        </div>
      ) : (
        input
      )}
      <FieldMessages error={error} hint={hint} />
    </AriaTextField>
  );
}

export function FieldLabel({ label, optional }: { label: string; optional?: boolean | undefined }) {
  return (
    <Label className={styles.label}>
      {label}
      {optional ? (
        <span className={styles.optional}>
          {" "}
          <Trans>(optional)</Trans>
        </span>
      ) : null}
    </Label>
  );
}

export function FieldMessages({ error, hint }: { error?: string | undefined; hint?: ReactNode }) {
  return (
    <>
      {hint ? (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      ) : null}
      <FieldError className={styles.fault}>{error}</FieldError>
    </>
  );
}
