import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
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

type Open = { what: "edit" | "delete"; expense: Expense; neighbour: string | null } | null;

/** The book: newest first, by day, as far back as one scrolls. */
export function ExpenseList({ filter, empty }: ExpenseListProps) {
  const ledger = useLedger();
  const [open, setOpen] = useState<Open>(null);
  const root = useRef<HTMLDivElement>(null);
  const goTo = useGoTo(root);
  const tints = tintsOf(useCategories());
  const list = useInfiniteQuery(expensesQuery(ledger, filter));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const end = useInView(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  });

  if (list.isPending) return <Waiting />;
  if (list.isError && !list.data) return <LoadFault error={list.error} onRetry={() => void list.refetch()} />;
  const days = daysOf(list.data.pages, ledger.currency);
  const openFor = (what: "edit" | "delete", expense: Expense): void => {
    const all = days.flatMap((day) => day.expenses);
    const place = all.findIndex(({ id }) => id === expense.id);
    setOpen({ what, expense, neighbour: (all[place + 1] ?? all[place - 1])?.id ?? null });
  };
  return (
    <div ref={root} tabIndex={-1} aria-busy={list.isPlaceholderData} data-dimmed={list.isPlaceholderData || undefined} className={styles.list}>
      {days.length === 0 ? empty : null}
      <DayList
        days={days}
        tintOf={(expense) => tints.get(expense.category_id) ?? REST_TINT}
        onEdit={(expense) => openFor("edit", expense)}
        onDelete={(expense) => openFor("delete", expense)}
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
          onDelete={() => setOpen({ ...open, what: "delete" })}
        />
      ) : null}
      {open?.what === "delete" ? (
        <DeleteDialog
          expense={open.expense}
          onClose={() => setOpen(null)}
          onDeleted={() => {
            setOpen(null);
            goTo(open.neighbour);
          }}
        />
      ) : null}
    </div>
  );
}

/** Moves the focus to an expense's line once the dialog is gone: what was deleted cannot have it back. */
function useGoTo(root: RefObject<HTMLElement | null>): (expense: string | null) => void {
  const [target, setTarget] = useState<{ expense: string | null } | null>(null);
  useEffect(() => {
    if (!target) return;
    const line = root.current?.querySelector<HTMLElement>(`[data-expense="${target.expense}"] button`);
    (line ?? root.current)?.focus({ preventScroll: true });
  }, [root, target]);
  return (expense) => setTarget({ expense });
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
