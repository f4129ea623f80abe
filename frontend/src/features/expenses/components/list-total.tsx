import { Plural, Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useFormats, useLedger } from "@/lib/ledger/ledger";
import { type ExpenseFilter, expensesQuery } from "../api/list";
import { totalOf } from "../days";
import styles from "./list-total.module.css";

/** What the list comes to, as soon as all of it is here. */
export function ListTotal({ filter }: { filter: ExpenseFilter }) {
  const { money } = useFormats();
  const list = useInfiniteQuery(expensesQuery(useLedger(), filter));
  const found = totalOf(list.data?.pages ?? []);
  const total = found ? money(found.total, found.currency) : "";
  return (
    <p role="status" className={styles.total}>
      {found ? (
        <Trans>
          <Plural value={found.count} one="# expense" other="# expenses" />, <strong>{total}</strong> in all
        </Trans>
      ) : (
        <Trans>The newest first.</Trans>
      )}
    </p>
  );
}
