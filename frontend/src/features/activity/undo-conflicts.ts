import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { groupBy } from "@/lib/group-by";
import { useFormats } from "@/lib/ledger/ledger";
import type { JournalEntry } from "./api/journal";
import type { SkippedItem } from "./api/undo";
import { expensesIn, categoryNamesIn } from "./images";
import { useLabels } from "./labels";

const MAX_NAMED = 5;

/** Describes the conflicts of an undo. `entries` are those of the action. */
export function useUndoConflicts(skipped: readonly SkippedItem[], entries: readonly JournalEntry[]): string[] {
  const { t } = useLingui();
  const nameOf = useItemNames(entries);
  const list = (items: readonly SkippedItem[]): string => {
    const more = items.length - MAX_NAMED;
    const listed = items.slice(0, MAX_NAMED).map(nameOf).join("; ");
    return more > 0 ? t`${listed} and ${plural(more, { one: "one more", other: "# more" })}` : listed;
  };
  const sentences: Record<SkippedItem["reason"], (names: string) => string> = {
    changed: (names) => t`Changed or deleted since: ${names}`,
    in_use: (names) => t`Categories that other expenses use now: ${names}`,
    category_gone: (names) => t`In a category that is no longer there: ${names}`,
    name_taken: (names) => t`Categories whose name another one has now: ${names}`,
    fixed: () => t`The settings of a ledger are not undone.`,
  };
  return [...groupBy(skipped, (item) => item.reason)].map(([reason, items]) => sentences[reason](list(items)));
}

function useItemNames(entries: readonly JournalEntry[]): (skipped: SkippedItem) => string {
  const { t } = useLingui();
  const { money } = useFormats();
  const { categoryLabel, expenseLabel } = useLabels(categoryNamesIn(entries));
  const expenses = new Map(entries.flatMap((entry) => expensesIn(entry.pairs)).map((pair) => [pair.id, pair]));
  return ({ kind, id, reason }) => {
    const category = categoryLabel(id);
    if (kind === "category") return reason === "changed" ? t`the category ${category}` : category;
    const pair = expenses.get(id);
    const image = pair?.after ?? pair?.before;
    return image ? `${expenseLabel(image)}, ${money(image.amount, image.currency)}` : t`an expense`;
  };
}
