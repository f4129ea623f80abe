import * as v from "valibot";
import type { Change, Entry } from "./api/journal";

const text = v.nullable(v.string());
const Expense = v.object({
  amount: v.string(),
  currency: v.string(),
  category: v.string(),
  merchant: text,
  note: text,
  spent_on: v.string(),
  tags: v.optional(v.array(v.string()), []),
});
const Category = v.object({ name: v.string(), colour: v.optional(text, null), icon: v.optional(text, null) });

export type ExpenseImage = v.InferOutput<typeof Expense>;
export type CategoryImage = v.InferOutput<typeof Category>;

/** One thing before and after, as far as this app knows its kind. */
export interface Pair<Image> {
  id: string;
  before: Image | null;
  after: Image | null;
}

export function expensesIn(changes: readonly Change[]): Pair<ExpenseImage>[] {
  return pairsOf(changes, "expense", Expense);
}

export function categoriesIn(changes: readonly Change[]): Pair<CategoryImage>[] {
  return pairsOf(changes, "category", Category);
}

/** Names of categories, those that are gone by now too, as far as these entries tell. */
export function namesIn(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const pairs = entries.flatMap((entry) => categoriesIn(entry.pairs));
  return new Map(pairs.map(({ id, before, after }) => [id, (after ?? before)?.name ?? ""]));
}

function pairsOf<Image>(changes: readonly Change[], kind: string, shape: v.GenericSchema<unknown, Image>): Pair<Image>[] {
  const read = (image: unknown): Image | null => {
    const found = v.safeParse(shape, image);
    return found.success ? found.output : null;
  };
  return changes
    .filter((change) => change.kind === kind)
    .map(({ id, before, after }) => ({ id, before: read(before), after: read(after) }))
    .filter(({ before, after }) => before !== null || after !== null);
}
