import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components/Checkbox";
import styles from "./checkbox-field.module.css";
import { Icon } from "./icon";

export interface CheckboxProps {
  isSelected: boolean;
  onChange(isSelected: boolean): void;
  children: ReactNode;
}

/** A single checkbox. */
export function Checkbox({ isSelected, onChange, children }: CheckboxProps) {
  return (
    <AriaCheckbox isSelected={isSelected} onChange={onChange} className={styles.checkbox ?? ""}>
      <span className={styles.box}>
        <Icon name="tick" size={16} />
      </span>
      {children}
    </AriaCheckbox>
  );
}
