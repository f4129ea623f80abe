import { type CalendarDate, parseDate } from "@internationalized/date";
import { clsx } from "clsx";
import type { KeyboardEvent } from "react";
import { Button } from "react-aria-components/Button";
import { DateInput, DateSegment } from "react-aria-components/DateField";
import { DatePicker } from "react-aria-components/DatePicker";
import { Dialog } from "react-aria-components/Dialog";
import { Group } from "react-aria-components/Group";
import { Popover } from "react-aria-components/Popover";
import buttonStyles from "./button.module.css";
import dateStyles from "./date-field.module.css";
import { DayCalendar } from "./day-calendar";
import styles from "./field.module.css";
import { Icon } from "./icon";
import { type FieldProps, FieldLabel, FieldMessages } from "./text-field";

export interface DateFieldProps extends FieldProps {
  name: string;
  /** ISO 8601, or empty for none. */
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
}

/** A date, typed in the order of the locale or picked from a calendar. */
export function DateField(props: DateFieldProps) {
  const { label, error, hint, optional, variant = "box", className, value, onChange } = props;
  return (
    <DatePicker<CalendarDate>
      name={props.name}
      value={value ? parseDate(value) : null}
      onChange={(day) => onChange(day?.toString() ?? "")}
      onBlur={props.onBlur}
      granularity="day"
      shouldForceLeadingZeros
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={clsx(styles.field, variant === "line" && styles.line, className)}
    >
      <FieldLabel label={label} optional={optional} />
      <Group className={styles.frame} onKeyDown={submitOnEnter}>
        <DateInput className={clsx(styles.input, dateStyles.segments)}>
          {(segment) => <DateSegment segment={segment} className={dateStyles.segment ?? ""} />}
        </DateInput>
        <Button className={clsx(buttonStyles.button, buttonStyles.icon)}>
          <Icon name="calendar" />
        </Button>
      </Group>
      <FieldMessages error={error} hint={hint} />
      <Popover placement="bottom end" className={dateStyles.popover ?? ""}>
        <Dialog className={dateStyles.dialog ?? ""}>
          <DayCalendar />
        </Dialog>
      </Popover>
    </DatePicker>
  );
}

/** Submits the form on Enter, since the segments of a date are not inputs. */
function submitOnEnter(event: KeyboardEvent): void {
  const part = event.target;
  if (event.key !== "Enter" || !(part instanceof HTMLElement) || part.role !== "spinbutton") return;
  part.closest("form")?.requestSubmit();
}
