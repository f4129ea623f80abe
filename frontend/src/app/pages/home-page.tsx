import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ExpenseList } from "@/features/expenses/components/expense-list";
import { QuickAdd } from "@/features/expenses/components/quick-add";
import { AskBox } from "@/features/insights/components/ask-box";
import { InsightCards } from "@/features/insights/components/insight-cards";
import { CategoryBreakdown } from "@/features/summary/components/category-breakdown";
import { MonthSwitch } from "@/features/summary/components/month-switch";
import { MonthTotal } from "@/features/summary/components/month-total";
import { monthRange } from "@/lib/dates/months";
import { useFormats, useCanWrite } from "@/lib/ledger/ledger";
import { useDocumentTitle } from "@/lib/document-title";
import { evidenceLink } from "../evidence";
import styles from "./home-page.module.css";

const route = getRouteApi("/signed-in/");

/** Overview of one month, with the form for new expenses. */
export function HomePage() {
  const { t } = useLingui();
  const formats = useFormats();
  const canWrite = useCanWrite();
  const navigate = route.useNavigate();
  const month = route.useSearch().month ?? formats.today.slice(0, 7);
  const range = monthRange(month);
  const name = formats.month(month);
  useDocumentTitle(name);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <MonthSwitch
          month={month}
          onMonth={(to) => void navigate({ search: (search) => ({ ...search, month: to }) })}
        />
        <MonthTotal month={month} />
      </header>
      {canWrite ? <QuickAdd month={month} /> : null}
      <div className={styles.columns}>
        <div className={styles.column}>
          <CategoryBreakdown
            month={month}
            linkTo={(category, currency, children) => evidenceLink({ ...range, category, currency }, children)}
          />
          <AskBox
            linkTo={evidenceLink}
            footer={
              <Link to="/settings/ai">
                <Trans>How questions are read</Trans>
              </Link>
            }
          />
        </div>
        <InsightCards linkTo={evidenceLink} />
      </div>
      <section aria-label={t`Expenses of ${name}`}>
        <h2 className={styles.title}>
          <Trans>Expenses</Trans>
        </h2>
        <ExpenseList
          filter={range}
          empty={
            <p className={styles.empty}>
              {canWrite ? (
                <Trans>Nothing is written down for {name} yet. The line above is ready for the first one.</Trans>
              ) : (
                <Trans>Nothing is written down for {name} yet.</Trans>
              )}
            </p>
          }
        />
      </section>
    </div>
  );
}
