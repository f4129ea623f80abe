import { queryOptions, useQuery } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { api, read } from "@/lib/api/client";
import { CategoryPageSchema } from "@/lib/api/schemas/category-page.gen";
import { type Ledger, ledgerQueryKey, ledgerParams, useLedger } from "./ledger";

export type Category = InferOutput<typeof CategoryPageSchema>["items"][number];

export function categoriesQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerQueryKey(ledger), "categories"],
    queryFn: ({ signal }) => fetchAllPages(ledger, signal),
  });
}

/** Fetches all pages. A page holds 2,000 categories, so nearly every ledger needs one request. */
async function fetchAllPages(ledger: Ledger, signal: AbortSignal, cursor?: string): Promise<Category[]> {
  const query = { ...ledgerParams(ledger), ...(cursor ? { cursor } : {}) };
  const page = await read(CategoryPageSchema, api.GET("/api/v1/categories", { params: { query }, signal }));
  return page.next_cursor ? [...page.items, ...(await fetchAllPages(ledger, signal, page.next_cursor))] : page.items;
}

/** Returns the ledger's categories; empty while loading. */
export function useCategories(): readonly Category[] {
  return useQuery(categoriesQuery(useLedger())).data ?? NO_CATEGORIES;
}

const NO_CATEGORIES: readonly Category[] = [];
/** The number of tints in styles/tokens.css. */
const TINT_COUNT = 18;

/**
 * Assigns each category a colour that is the same in every month. Ids increase with time, so a new category takes the
 * next tint and changes no other.
 */
export function tintsOf(categories: readonly Category[]): ReadonlyMap<string, string> {
  const ids = categories.map((category) => category.id).toSorted();
  return new Map(ids.map((id, index) => [id, `var(--tint-${(index % TINT_COUNT) + 1})`]));
}

export const OTHER_TINT = "var(--tint-rest)";
