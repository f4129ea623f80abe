import { clsx } from "clsx";
import { Button } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select, SelectValue } from "react-aria-components/Select";
import type { Choice } from "./combo-field";
import styles from "./field.module.css";
import { Icon } from "./icon";
import selectStyles from "./select-field.module.css";

export interface SelectFieldProps {
  label: string;
  choices: readonly Choice[];
  /** The id of the choice. */
  value: string;
  onChange(id: string): void;
  /** `bare` is for a field within a row: its label is visually hidden. */
  variant?: "box" | "bare";
  isDisabled?: boolean;
  className?: string | undefined;
}

/** A select field. */
export function SelectField({
  label,
  choices,
  value,
  onChange,
  variant = "box",
  isDisabled = false,
  className,
}: SelectFieldProps) {
  return (
    <Select
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      isDisabled={isDisabled}
      className={clsx(styles.field, className)}
    >
      <Label className={variant === "bare" ? "visually-hidden" : styles.label}>{label}</Label>
      <Button className={clsx(selectStyles.trigger, selectStyles[variant])}>
        <SelectValue className={selectStyles.value ?? ""} />
        <Icon name="down" size={16} />
      </Button>
      <Popover className={styles.popover ?? ""}>
        <ListBox items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className={styles.option ?? ""}>
              {choice.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
