import { useLingui } from "@lingui/react/macro";
import { useFormats } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import type { Expense } from "../api/shapes";
import styles from "./expense-row.module.css";

export interface ExpenseRowProps {
  expense: Expense;
  tint: string;
  onEdit(expense: Expense): void;
  onDelete(expense: Expense): void;
}

/** One line of the book. Pressing it corrects it. */
export function ExpenseRow({ expense, tint, onEdit, onDelete }: ExpenseRowProps) {
  const { t } = useLingui();
  const amount = useFormats().money(expense.amount, expense.currency);
  const what = expense.merchant ?? expense.category;
  return (
    <li className={styles.row}>
      <button type="button" className={styles.open} onClick={() => onEdit(expense)}>
        <span className="visually-hidden">{t`Edit:`} </span>
        <span className={styles.swatch} style={{ background: tint }} />
        <span className={styles.words}>
          <span className={styles.what} dir="auto">
            {what}
          </span>
          {expense.merchant ? (
            <span className={styles.category} dir="auto">
              {expense.category}
            </span>
          ) : null}
          {expense.note ? (
            <span className={styles.note} dir="auto">
              {expense.note}
            </span>
          ) : null}
        </span>
        <span className={styles.amount} data-refund={expense.amount.startsWith("-") || undefined}>{amount}</span>
      </button>
      <Button
        look="icon"
        className={styles.delete}
        aria-label={t`Delete ${what}, ${amount}`}
        onPress={() => onDelete(expense)}
      >
        <Icon name="remove" />
      </Button>
    </li>
  );
}
