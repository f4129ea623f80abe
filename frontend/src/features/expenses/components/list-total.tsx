import { Plural, Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { type ExpenseFilter, expensesQuery } from "../api/expense-queries";
import { totalIfComplete } from "../group-by-day";
import styles from "./list-total.module.css";

/** The count and total of the list, once all pages are loaded. */
export function ListTotal({ filter }: { filter: ExpenseFilter }) {
  const { money } = useFormats();
  const list = useInfiniteQuery(expensesQuery(useLedger(), filter));
  const result = totalIfComplete(list.data?.pages ?? []);
  const total = result ? money(result.total, result.currency) : "";
  return (
    <p role="status" className={styles.total}>
      {result ? (
        <Trans>
          <Plural value={result.count} one="# expense" other="# expenses" />, <strong>{total}</strong> in all
        </Trans>
      ) : (
        <Trans>The newest first.</Trans>
      )}
    </p>
  );
}
