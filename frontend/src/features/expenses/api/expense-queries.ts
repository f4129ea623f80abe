import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read, readVersioned } from "@/lib/api/client";
import { ExpensePageSchema } from "@/lib/api/schemas/expense-page.gen";
import { ExpenseSchema } from "@/lib/api/schemas/expense.gen";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

/** Filter of the expense list, with the same names as the page's search parameters and an insight's evidence. */
export interface ExpenseFilter {
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  category?: string | undefined;
  merchant?: string | undefined;
  currency?: string | undefined;
  tag?: string | undefined;
  /** 1 is Monday. */
  weekday?: string | undefined;
  /** Comma-separated. */
  ids?: string | undefined;
}

/** Whether the last day is before the first. The server would refuse such a range. */
export function isRangeReversed({ from, to }: ExpenseFilter): boolean {
  return from !== undefined && to !== undefined && from > to;
}

/** Sizes of the first pages; later ones have the maximum. The first is quick, and a long list needs few requests. */
const PAGE_SIZES = [50, 200] as const;
/** A range of days usually fits one page, so that its total, which proves the figure that led here, is complete. */
const PAGE_SIZES_OF_A_RANGE = [200] as const;
const MAX_PAGE_SIZE = 500;

interface PageParam {
  page: number;
  cursor: string | null;
}

const FIRST_PAGE: PageParam = { page: 0, cursor: null };

/** Expenses page by page, newest first. */
export function expensesQuery(ledger: Ledger, filter: ExpenseFilter) {
  return infiniteQueryOptions({
    queryKey: [...ledgerQueryKey(ledger), "expenses", filter],
    queryFn: ({ pageParam, signal }) =>
      read(
        ExpensePageSchema,
        api.GET("/api/v1/expenses", {
          params: { query: { ...ledgerParams(ledger), ...filterQuery(filter), ...pageQuery(pageParam, filter) } },
          signal,
        }),
      ),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page, pages): PageParam | null =>
      page.next_cursor ? { page: pages.length, cursor: page.next_cursor } : null,
    placeholderData: keepPreviousData,
  });
}

function filterQuery({ weekday, ...rest }: ExpenseFilter) {
  return { ...rest, ...(weekday ? { weekday: Number(weekday) } : {}) };
}

function pageQuery({ page, cursor }: PageParam, { from, to }: ExpenseFilter): { limit: number; cursor?: string } {
  const sizes: readonly number[] = from && to ? PAGE_SIZES_OF_A_RANGE : PAGE_SIZES;
  return { limit: sizes[page] ?? MAX_PAGE_SIZE, ...(cursor ? { cursor } : {}) };
}

/** The current version of an expense, with the ETag that a correction sends. */
export function expenseQuery(ledger: Ledger, id: string) {
  return queryOptions({
    // Not below ledgerQueryKey: a form must not change while the user edits it. Saving detects a conflict.
    queryKey: ["expense", ledger.id, id],
    queryFn: ({ signal }) =>
      readVersioned(
        ExpenseSchema,
        api.GET("/api/v1/expenses/{expense_id}", {
          params: { path: { expense_id: id }, query: ledgerParams(ledger) },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
