import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read, readTagged } from "@/lib/api/client";
import { type Ledger, ledgerKey, ledgerQuery } from "@/lib/ledger/ledger";
import { ExpensePageShape, ExpenseShape } from "./shapes";

/** Which expenses to list; the same words as in the URL of the page and in an insight's evidence. */
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
  /** With commas between. */
  ids?: string | undefined;
}

/** The last day before the first: nothing can lie between them, and the server would not look. */
export function isBackwards({ from, to }: ExpenseFilter): boolean {
  return from !== undefined && to !== undefined && from > to;
}

/** Sizes of the first pages and of all later ones: quick to begin with, few requests for a long list. */
const SIZES = [50, 200] as const;
/** A span of days is usually here with one page, and with it its total: the proof of the figure that led here. */
const SIZES_OF_A_SPAN = [200] as const;
const LARGEST = 500;

interface Place {
  page: number;
  cursor: string | null;
}

const FIRST: Place = { page: 0, cursor: null };

/** Expenses, newest first, page by page. */
export function expensesQuery(ledger: Ledger, filter: ExpenseFilter) {
  return infiniteQueryOptions({
    queryKey: [...ledgerKey(ledger), "expenses", filter],
    queryFn: ({ pageParam, signal }) =>
      read(
        ExpensePageShape,
        api.GET("/api/v1/expenses", {
          params: { query: { ...ledgerQuery(ledger), ...filterQuery(filter), ...placeQuery(pageParam, filter) } },
          signal,
        }),
      ),
    initialPageParam: FIRST,
    getNextPageParam: (page, pages): Place | null =>
      page.next_cursor ? { page: pages.length, cursor: page.next_cursor } : null,
    placeholderData: keepPreviousData,
  });
}

function filterQuery({ weekday, ...rest }: ExpenseFilter) {
  return { ...rest, ...(weekday ? { weekday: Number(weekday) } : {}) };
}

function placeQuery({ page, cursor }: Place, { from, to }: ExpenseFilter): { limit: number; cursor?: string } {
  const sizes: readonly number[] = from && to ? SIZES_OF_A_SPAN : SIZES;
  return { limit: sizes[page] ?? LARGEST, ...(cursor ? { cursor } : {}) };
}

/** One expense as it is now, with the ETag that a correction must name. */
export function expenseQuery(ledger: Ledger, id: string) {
  return queryOptions({
    // Not below ledgerKey: a form must not change under the hands of whoever fills it in. A clash shows on saving.
    queryKey: ["expense", ledger.id, id],
    queryFn: ({ signal }) =>
      readTagged(
        ExpenseShape,
        api.GET("/api/v1/expenses/{expense_id}", {
          params: { path: { expense_id: id }, query: ledgerQuery(ledger) },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
