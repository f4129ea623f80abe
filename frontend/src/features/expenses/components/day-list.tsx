import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useId, useLayoutEffect, useRef, useState } from "react";
import { useFormats } from "@/lib/ledger/ledger";
import type { Expense } from "../api/expense";
import type { ExpenseDay } from "../group-by-day";
import styles from "./expense-list.module.css";
import { ExpenseRow } from "./expense-row";

export interface DayListProps {
  days: readonly ExpenseDay[];
  tintOf(expense: Expense): string;
  onEdit(expense: Expense): void;
  onDelete(expense: Expense): void;
}

const HEADING_PX = 58;
const ROW_PX = 53;

/** Renders the days near the viewport; padding replaces the others. */
export function DayList({ days, ...rowProps }: DayListProps) {
  const list = useRef<HTMLDivElement>(null);
  const offset = useOffsetTop(list);
  const virtualizer = useWindowVirtualizer({
    count: days.length,
    estimateSize: (index) => HEADING_PX + ROW_PX * (days[index]?.expenses.length ?? 1),
    getItemKey: (index) => days[index]?.date ?? index,
    scrollMargin: offset,
    overscan: 6,
  });
  const shown = virtualizer.getVirtualItems();
  const top = (shown[0]?.start ?? offset) - offset;
  return (
    <div ref={list} style={{ minBlockSize: virtualizer.getTotalSize() }}>
      <div style={{ paddingBlockStart: Math.max(top, 0) }}>
        {shown.map((item) => {
          const day = days[item.index];
          return day ? (
            <div key={item.key} ref={virtualizer.measureElement} data-index={item.index}>
              <DaySection day={day} {...rowProps} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}

function DaySection({ day, tintOf, onEdit, onDelete }: { day: ExpenseDay } & Omit<DayListProps, "days">) {
  const formats = useFormats();
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.day}>
      <h3 id={heading} className={styles.heading}>
        {formats.day(day.date)}
        {day.total ? <span className={styles.sum}>{formats.money(day.total)}</span> : null}
      </h3>
      <ul>
        {day.expenses.map((expense) => (
          <ExpenseRow key={expense.id} expense={expense} tint={tintOf(expense)} onEdit={onEdit} onDelete={onDelete} />
        ))}
      </ul>
    </section>
  );
}

/** The list's offset from the top of the page, which changes with the content above it. */
function useOffsetTop(element: React.RefObject<HTMLElement | null>): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      const box = element.current?.getBoundingClientRect();
      if (box) setOffset(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return offset;
}
