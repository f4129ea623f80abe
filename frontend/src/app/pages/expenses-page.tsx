import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { isRangeReversed } from "@/features/expenses/api/expense-queries";
import { ExpenseFilters } from "@/features/expenses/components/expense-filters";
import { ExpenseList } from "@/features/expenses/components/expense-list";
import { ListTotal } from "@/features/expenses/components/list-total";
import { useDocumentTitle } from "@/lib/document-title";
import styles from "./expenses-page.module.css";

const route = getRouteApi("/signed-in/expenses");

/** Lists all expenses, filtered by the URL's search parameters. */
export function ExpensesPage() {
  const { t } = useLingui();
  const { ledger, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const isSet = Object.values(filter).some(Boolean);
  const empty = (
    <p className={styles.empty}>
      {isSet ? (
        <Trans>Nothing matches. Try fewer words or a longer period.</Trans>
      ) : (
        <Trans>Your book is empty so far. Write down the first expense on the overview.</Trans>
      )}
    </p>
  );
  useDocumentTitle(t`Expenses`);
  return (
    <div className={styles.page}>
      <header>
        <h1 className={styles.title}>
          <Trans>Expenses</Trans>
        </h1>
        {isRangeReversed(filter) ? null : <ListTotal filter={filter} />}
      </header>
      <ExpenseFilters filter={filter} onFilter={(to) => void navigate({ search: { ...to, ledger }, replace: true })} />
      <h2 className="visually-hidden">
        <Trans>By day</Trans>
      </h2>
      {isRangeReversed(filter) ? empty : <ExpenseList filter={filter} empty={empty} />}
    </div>
  );
}
