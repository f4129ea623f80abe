import { Checkbox } from "react-aria-components/Checkbox";
import { CheckboxGroup } from "react-aria-components/CheckboxGroup";
import { FieldError } from "react-aria-components/FieldError";
import { Label } from "react-aria-components/Label";
import styles from "./checkbox-field.module.css";
import type { Choice } from "./combo-field";
import fieldStyles from "./field.module.css";
import { Icon } from "./icon";

export interface CheckboxFieldProps {
  label: string;
  choices: readonly Choice[];
  /** The ids of the checked choices. */
  value: readonly string[];
  onChange(ids: string[]): void;
  error?: string | undefined;
}

/** A group of checkboxes. */
export function CheckboxField({ label, choices, value, onChange, error }: CheckboxFieldProps) {
  return (
    <CheckboxGroup
      value={[...value]}
      onChange={onChange}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={fieldStyles.field ?? ""}
    >
      <Label className={fieldStyles.label}>{label}</Label>
      {choices.map((choice) => (
        <Checkbox key={choice.id} value={choice.id} className={styles.checkbox ?? ""}>
          <span className={styles.box}>
            <Icon name="tick" size={16} />
          </span>
          {choice.label}
        </Checkbox>
      ))}
      <FieldError className={fieldStyles.fault}>{error}</FieldError>
    </CheckboxGroup>
  );
}
