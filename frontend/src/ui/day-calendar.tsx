import { clsx } from "clsx";
import { Button } from "react-aria-components/Button";
import { Calendar, CalendarCell, CalendarGrid } from "react-aria-components/Calendar";
import { Heading } from "react-aria-components/Heading";
import { useWeekStart } from "@/lib/dates/week";
import buttonStyles from "./button.module.css";
import styles from "./day-calendar.module.css";
import { Icon } from "./icon";

const FIRST_DAYS = { monday: "mon", sunday: "sun", saturday: "sat" } as const;

/** The calendar of a date field. */
export function DayCalendar() {
  return (
    <Calendar firstDayOfWeek={FIRST_DAYS[useWeekStart()]}>
      <header className={styles.header}>
        <Button slot="previous" className={clsx(buttonStyles.button, buttonStyles.icon)}>
          <Icon name="back" />
        </Button>
        <Heading className={styles.heading ?? ""} />
        <Button slot="next" className={clsx(buttonStyles.button, buttonStyles.icon)}>
          <Icon name="forward" />
        </Button>
      </header>
      <CalendarGrid className={styles.grid ?? ""}>
        {(date) => <CalendarCell date={date} className={styles.cell ?? ""} />}
      </CalendarGrid>
    </Calendar>
  );
}
