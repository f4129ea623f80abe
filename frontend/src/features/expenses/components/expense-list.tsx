import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { REST_TINT, tintsOf, useCategories } from "@/lib/ledger/categories";
import { useLedger } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { LoadFault } from "@/ui/faults";
import { Skeleton } from "@/ui/skeleton";
import { useInView } from "@/ui/use-in-view";
import { type ExpenseFilter, expensesQuery } from "../api/list";
import type { Expense } from "../api/shapes";
import { daysOf } from "../days";
import { DayList } from "./day-list";
import { DeleteDialog } from "./delete-dialog";
import { EditDialog } from "./edit-dialog";
import styles from "./expense-list.module.css";

export interface ExpenseListProps {
  filter: ExpenseFilter;
  /** What to say where there is nothing. */
  empty: ReactNode;
}

type Open = { what: "edit" | "delete"; expense: Expense } | null;

/** The book: newest first, by day, as far back as one scrolls. */
export function ExpenseList({ filter, empty }: ExpenseListProps) {
  const ledger = useLedger();
  const [open, setOpen] = useState<Open>(null);
  const tints = tintsOf(useCategories());
  const list = useInfiniteQuery(expensesQuery(ledger, filter));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const end = useInView(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  });

  if (list.isPending) return <Waiting />;
  if (list.isError && !list.data) return <LoadFault error={list.error} onRetry={() => void list.refetch()} />;
  const days = daysOf(list.data.pages, ledger.currency);
  return (
    <div aria-busy={list.isPlaceholderData} data-dimmed={list.isPlaceholderData || undefined} className={styles.list}>
      {days.length === 0 ? empty : null}
      <DayList
        days={days}
        tintOf={(expense) => tints.get(expense.category_id) ?? REST_TINT}
        onEdit={(expense) => setOpen({ what: "edit", expense })}
        onDelete={(expense) => setOpen({ what: "delete", expense })}
      />
      <div ref={end} className={styles.end}>
        {hasNextPage ? (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            <Trans>Show earlier expenses</Trans>
          </Button>
        ) : null}
      </div>
      {open?.what === "edit" ? (
        <EditDialog
          id={open.expense.id}
          onClose={() => setOpen(null)}
          onDelete={() => setOpen({ what: "delete", expense: open.expense })}
        />
      ) : null}
      {open?.what === "delete" ? <DeleteDialog expense={open.expense} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      {["a", "b", "c", "d", "e"].map((place) => (
        <Skeleton key={place} height="3.25rem" />
      ))}
    </div>
  );
}
