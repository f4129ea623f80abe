import { useLingui } from "@lingui/react/macro";
import { useFormats, useMayWrite } from "@/lib/ledger/ledger";
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

/** One line of the book. Pressing it corrects it; whoever may only look has nothing to press. */
export function ExpenseRow({ expense, tint, onEdit, onDelete }: ExpenseRowProps) {
  const { t } = useLingui();
  const mayWrite = useMayWrite();
  const amount = useFormats().money(expense.amount, expense.currency);
  const what = expense.merchant ?? expense.category;
  const line = <Line expense={expense} what={what} amount={amount} tint={tint} />;
  if (!mayWrite) {
    return (
      <li className={styles.row}>
        <div className={styles.shown}>{line}</div>
      </li>
    );
  }
  return (
    <li className={styles.row} data-expense={expense.id}>
      <button type="button" className={styles.open} onClick={() => onEdit(expense)}>
        <span className="visually-hidden">{t`Edit:`} </span>
        {line}
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

function Line({ expense, what, amount, tint }: { expense: Expense; what: string; amount: string; tint: string }) {
  return (
    <>
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
      <span className={styles.amount} data-refund={expense.amount.startsWith("-") || undefined}>
        {amount}
      </span>
    </>
  );
}
