import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { OTHER_TINT, tintsOf, useCategories } from "@/lib/ledger/categories";
import { useLedger } from "@/lib/ledger/ledger";
import { Button } from "@/ui/button";
import { LoadError } from "@/ui/errors";
import { Skeleton } from "@/ui/skeleton";
import { useInView } from "@/ui/use-in-view";
import { type ExpenseFilter, expensesQuery } from "../api/expense-queries";
import type { Expense } from "../api/expense";
import { groupByDay } from "../group-by-day";
import { DayList } from "./day-list";
import { DeleteExpenseDialog } from "./delete-expense-dialog";
import { EditExpenseDialog } from "./edit-expense-dialog";
import styles from "./expense-list.module.css";

export interface ExpenseListProps {
  filter: ExpenseFilter;
  /** Shown if the list is empty. */
  empty: ReactNode;
}

type OpenDialog = { kind: "edit" | "delete"; expense: Expense; neighbour: string | null } | null;

/** The expenses by day, newest first, loaded on scroll. */
export function ExpenseList({ filter, empty }: ExpenseListProps) {
  const ledger = useLedger();
  const [open, setOpen] = useState<OpenDialog>(null);
  const root = useRef<HTMLDivElement>(null);
  const focusExpense = useFocusExpense(root);
  const tints = tintsOf(useCategories());
  const list = useInfiniteQuery(expensesQuery(ledger, filter));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const endMarker = useInView(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  });

  if (list.isPending) return <LoadingSkeleton />;
  if (list.isError && !list.data) return <LoadError error={list.error} onRetry={() => void list.refetch()} />;
  const days = groupByDay(list.data.pages, ledger.currency);
  const openDialog = (kind: "edit" | "delete", expense: Expense): void => {
    const all = days.flatMap((day) => day.expenses);
    const index = all.findIndex(({ id }) => id === expense.id);
    setOpen({ kind, expense, neighbour: (all[index + 1] ?? all[index - 1])?.id ?? null });
  };
  return (
    <div
      ref={root}
      tabIndex={-1}
      aria-busy={list.isPlaceholderData}
      data-dimmed={list.isPlaceholderData || undefined}
      className={styles.list}
    >
      {days.length === 0 ? empty : null}
      <DayList
        days={days}
        tintOf={(expense) => tints.get(expense.category_id) ?? OTHER_TINT}
        onEdit={(expense) => openDialog("edit", expense)}
        onDelete={(expense) => openDialog("delete", expense)}
      />
      <div ref={endMarker} className={styles.end}>
        {hasNextPage ? (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            <Trans>Show earlier expenses</Trans>
          </Button>
        ) : null}
      </div>
      {open?.kind === "edit" ? (
        <EditExpenseDialog
          id={open.expense.id}
          onClose={() => setOpen(null)}
          onDelete={() => setOpen({ ...open, kind: "delete" })}
        />
      ) : null}
      {open?.kind === "delete" ? (
        <DeleteExpenseDialog
          expense={open.expense}
          onClose={() => setOpen(null)}
          onDeleted={() => {
            setOpen(null);
            focusExpense(open.neighbour);
          }}
        />
      ) : null}
    </div>
  );
}

/** Moves the focus to another expense after a deletion, when it cannot return to the deleted one. */
function useFocusExpense(root: RefObject<HTMLElement | null>): (expense: string | null) => void {
  const [target, setTarget] = useState<{ expense: string | null } | null>(null);
  useEffect(() => {
    if (!target) return;
    const line = root.current?.querySelector<HTMLElement>(`[data-expense="${target.expense}"] button`);
    (line ?? root.current)?.focus({ preventScroll: true });
  }, [root, target]);
  return (expense) => setTarget({ expense });
}

function LoadingSkeleton() {
  return (
    <div className={styles.waiting}>
      {["a", "b", "c", "d", "e"].map((key) => (
        <Skeleton key={key} height="3.25rem" />
      ))}
    </div>
  );
}
