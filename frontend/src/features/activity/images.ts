import * as v from "valibot";
import type { JournalChange, JournalEntry } from "./api/journal";

const text = v.nullable(v.string());
const ExpenseImageSchema = v.object({
  amount: v.string(),
  currency: v.string(),
  category: v.string(),
  merchant: text,
  note: text,
  spent_on: v.string(),
  tags: v.optional(v.array(v.string()), []),
});
const CategoryImageSchema = v.object({
  name: v.string(),
  colour: v.optional(text, null),
  icon: v.optional(text, null),
});

export type ExpenseImage = v.InferOutput<typeof ExpenseImageSchema>;
export type CategoryImage = v.InferOutput<typeof CategoryImageSchema>;

/** An object before and after a change, if the app knows its kind. */
export interface ImagePair<Image> {
  id: string;
  before: Image | null;
  after: Image | null;
}

export function expensesIn(changes: readonly JournalChange[]): ImagePair<ExpenseImage>[] {
  return pairsOf(changes, "expense", ExpenseImageSchema);
}

export function categoriesIn(changes: readonly JournalChange[]): ImagePair<CategoryImage>[] {
  return pairsOf(changes, "category", CategoryImageSchema);
}

/** Returns the category names in these entries, including deleted categories. */
export function categoryNamesIn(entries: readonly JournalEntry[]): ReadonlyMap<string, string> {
  const pairs = entries.flatMap((entry) => categoriesIn(entry.pairs));
  return new Map(pairs.map(({ id, before, after }) => [id, (after ?? before)?.name ?? ""]));
}

function pairsOf<Image>(
  changes: readonly JournalChange[],
  kind: string,
  schema: v.GenericSchema<unknown, Image>,
): ImagePair<Image>[] {
  const read = (image: unknown): Image | null => {
    const parsed = v.safeParse(schema, image);
    return parsed.success ? parsed.output : null;
  };
  return changes
    .filter((change) => change.kind === kind)
    .map(({ id, before, after }) => ({ id, before: read(before), after: read(after) }))
    .filter(({ before, after }) => before !== null || after !== null);
}
