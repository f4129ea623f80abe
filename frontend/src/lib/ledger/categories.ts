import { queryOptions, useQuery } from "@tanstack/react-query";
import * as v from "valibot";
import { type Answer, api, read } from "@/lib/api/client";
import { type Ledger, ledgerKey, ledgerQuery, useLedger } from "./ledger";

type Categories = Answer<"/api/v1/categories", "get">;
export type Category = Categories["items"][number];

const text = v.nullable(v.string());
const Shape: v.GenericSchema<unknown, Categories> = v.object({
  items: v.array(v.object({ id: v.string(), name: v.string(), parent_id: text, colour: text, icon: text })),
  next_cursor: text,
});

export function categoriesQuery(ledger: Ledger) {
  return queryOptions({
    queryKey: [...ledgerKey(ledger), "categories"],
    queryFn: ({ signal }) => everyPage(ledger, signal),
  });
}

/** One request for nearly every ledger: a page holds 2,000. */
async function everyPage(ledger: Ledger, signal: AbortSignal, cursor?: string): Promise<Category[]> {
  const query = { ...ledgerQuery(ledger), ...(cursor ? { cursor } : {}) };
  const page = await read(Shape, api.GET("/api/v1/categories", { params: { query }, signal }));
  return page.next_cursor ? [...page.items, ...(await everyPage(ledger, signal, page.next_cursor))] : page.items;
}

/** The ledger's categories, empty while they load. */
export function useCategories(): readonly Category[] {
  return useQuery(categoriesQuery(useLedger())).data ?? NONE;
}

const NONE: readonly Category[] = [];
/** As many as styles/tokens.css holds. */
const TINTS = 18;

/**
 * A colour for each category that stays the same from month to month: ids are made in order of time, so a new
 * category takes the next tint and moves no other.
 */
export function tintsOf(categories: readonly Category[]): ReadonlyMap<string, string> {
  const ids = categories.map((category) => category.id).toSorted();
  return new Map(ids.map((id, place) => [id, `var(--tint-${(place % TINTS) + 1})`]));
}

export const REST_TINT = "var(--tint-rest)";
