import { useLingui } from "@lingui/react/macro";
import { useFormats, useCanWrite } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import type { Expense } from "../api/expense";
import styles from "./expense-row.module.css";

export interface ExpenseRowProps {
  expense: Expense;
  tint: string;
  onEdit(expense: Expense): void;
  onDelete(expense: Expense): void;
}

/** One expense. A click opens it for editing; viewers cannot click. */
export function ExpenseRow({ expense, tint, onEdit, onDelete }: ExpenseRowProps) {
  const { t } = useLingui();
  const canWrite = useCanWrite();
  const amount = useFormats().money(expense.amount, expense.currency);
  const title = expense.merchant ?? expense.category;
  const text = <ExpenseText expense={expense} title={title} amount={amount} tint={tint} />;
  if (!canWrite) {
    return (
      <li className={styles.row}>
        <div className={styles.shown}>{text}</div>
      </li>
    );
  }
  return (
    <li className={styles.row} data-expense={expense.id}>
      <button type="button" className={styles.open} onClick={() => onEdit(expense)}>
        <span className="visually-hidden">{t`Edit:`} </span>
        {text}
      </button>
      <Button
        variant="icon"
        className={styles.delete}
        aria-label={t`Delete ${title}, ${amount}`}
        onPress={() => onDelete(expense)}
      >
        <Icon name="remove" />
      </Button>
    </li>
  );
}

function ExpenseText({
  expense,
  title,
  amount,
  tint,
}: {
  expense: Expense;
  title: string;
  amount: string;
  tint: string;
}) {
  return (
    <>
      <span className={styles.swatch} style={{ background: tint }} />
      <span className={styles.words}>
        <span className={styles.what} dir="auto">
          {title}
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
