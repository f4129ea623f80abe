import { clsx } from "clsx";
import type { KeyboardEvent, Ref } from "react";
import { Button } from "react-aria-components/Button";
import { ComboBox, type Key } from "react-aria-components/ComboBox";
import { Group } from "react-aria-components/Group";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { foldForSearch } from "@/lib/text/fold";
import buttonStyles from "./button.module.css";
import styles from "./field.module.css";
import { Icon } from "./icon";
import { type FieldProps, FieldLabel, FieldMessages } from "./text-field";

export interface Choice {
  id: string;
  label: string;
}

export interface ComboFieldProps extends FieldProps {
  name: string;
  choices: readonly Choice[];
  /** The text in the field. */
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
  /** Whether text other than the choices is accepted. */
  allowsCustomValue?: boolean;
  placeholder?: string;
  inputRef?: Ref<HTMLInputElement>;
}

/** A text field with suggestions. */
export function ComboField(props: ComboFieldProps) {
  const { label, error, hint, optional, variant = "box", className, choices, value, allowsCustomValue = false } = props;
  // The text is the only state. By default the ComboBox drops text that it did not set itself on blur.
  const chosen = choices.find((choice) => choice.label === value)?.id ?? null;
  const choose = (key: Key | null): void => {
    const choice = choices.find(({ id }) => id === key);
    if (choice) props.onChange(choice.label);
  };
  return (
    <ComboBox
      name={props.name}
      formValue="text"
      inputValue={value}
      onInputChange={props.onChange}
      selectedKey={chosen}
      onSelectionChange={choose}
      onBlur={props.onBlur}
      onKeyDown={submitOnEnter}
      defaultItems={choices}
      defaultFilter={matchesSearch}
      allowsCustomValue={allowsCustomValue}
      allowsEmptyCollection={false}
      menuTrigger="input"
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={clsx(styles.field, variant === "line" && styles.line, className)}
    >
      <FieldLabel label={label} optional={optional} />
      <Group className={styles.frame}>
        <Input ref={props.inputRef} className={styles.input} placeholder={props.placeholder} />
        <Button className={clsx(buttonStyles.button, buttonStyles.icon)}>
          <Icon name="down" />
        </Button>
      </Group>
      <FieldMessages error={error} hint={hint} />
      <Popover className={styles.popover ?? ""}>
        <ListBox<Choice>>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className={styles.option ?? ""}>
              {choice.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/** Filters suggestions regardless of accents, apostrophes and the like. */
function matchesSearch(label: string, typed: string): boolean {
  return foldForSearch(label).includes(foldForSearch(typed));
}

/** Enter submits the form if the list is open but no option is active. */
function submitOnEnter(event: KeyboardEvent): void {
  const input = event.target;
  if (event.key !== "Enter" || !(input instanceof HTMLInputElement)) return;
  const open = input.getAttribute("aria-expanded") === "true";
  if (open && !input.getAttribute("aria-activedescendant")) input.form?.requestSubmit();
}
