import { useLingui } from "@lingui/react/macro";
import { type Month, addMonths } from "@/lib/dates/months";
import { useFormats } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import styles from "./month-switch.module.css";

/** Switches the month; its name is the page's title. */
export function MonthSwitch({ month, onMonth }: { month: Month; onMonth(month: Month | undefined): void }) {
  const { t } = useLingui();
  const formats = useFormats();
  const current = formats.today.slice(0, 7);
  const name = formats.month(month);
  return (
    <div className={styles.switch}>
      <h1 className={styles.month}>{name}</h1>
      <div className={styles.steps}>
        <Button variant="icon" aria-label={t`Previous month`} onPress={() => onMonth(addMonths(month, -1))}>
          <span className={styles.arrow}>
            <Icon name="back" />
          </span>
        </Button>
        <Button variant="icon" aria-label={t`Next month`} onPress={() => onMonth(addMonths(month, 1))}>
          <span className={styles.arrow}>
            <Icon name="forward" />
          </span>
        </Button>
        {month === current ? null : (
          <Button variant="plain" className={styles.back} onPress={() => onMonth(undefined)}>
            {t`This month`}
          </Button>
        )}
      </div>
    </div>
  );
}
