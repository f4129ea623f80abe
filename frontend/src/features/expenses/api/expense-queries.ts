import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read, readVersioned } from "@/lib/api/client";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";
import { ExpensePageSchema, ExpenseSchema } from "./schemas";

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
export function isRangeReversed({ from, to }: ExpenseFilter): boolean {
  return from !== undefined && to !== undefined && from > to;
}

/** Sizes of the first pages and of all later ones: quick to begin with, few requests for a long list. */
const PAGE_SIZES = [50, 200] as const;
/** A span of days is usually here with one page, and with it its total: the proof of the figure that led here. */
const PAGE_SIZES_OF_A_RANGE = [200] as const;
const MAX_PAGE_SIZE = 500;

interface PageParam {
  page: number;
  cursor: string | null;
}

const FIRST_PAGE: PageParam = { page: 0, cursor: null };

/** Expenses, newest first, page by page. */
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

/** One expense as it is now, with the ETag that a correction must name. */
export function expenseQuery(ledger: Ledger, id: string) {
  return queryOptions({
    // Not below ledgerKey: a form must not change under the hands of whoever fills it in. A clash shows on saving.
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
