import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { groupBy } from "@/lib/groups";
import { useFormats } from "@/lib/ledger/ledger";
import type { Entry } from "./api/journal";
import type { Left } from "./api/undo";
import { expensesIn, namesIn } from "./images";
import { useThings } from "./things";

const MOST_NAMED = 5;

/** What stands in the way of an undo, in plain sentences. `entries` are those of the action. */
export function useHindrances(left: readonly Left[], entries: readonly Entry[]): string[] {
  const { t } = useLingui();
  const nameOf = useNames(entries);
  const list = (items: readonly Left[]): string => {
    const more = items.length - MOST_NAMED;
    const named = items.slice(0, MOST_NAMED).map(nameOf).join("; ");
    return more > 0 ? t`${named} and ${plural(more, { one: "one more", other: "# more" })}` : named;
  };
  const sentences: Record<Left["reason"], (names: string) => string> = {
    changed: (names) => t`Changed or deleted since: ${names}`,
    in_use: (names) => t`Categories that other expenses use now: ${names}`,
    category_gone: (names) => t`In a category that is no longer there: ${names}`,
    name_taken: (names) => t`Categories whose name another one has now: ${names}`,
    fixed: () => t`The settings of a ledger are not undone.`,
  };
  return [...groupBy(left, (item) => item.reason)].map(([reason, items]) => sentences[reason](list(items)));
}

function useNames(entries: readonly Entry[]): (left: Left) => string {
  const { t } = useLingui();
  const { money } = useFormats();
  const { categoryOf, whatOf } = useThings(namesIn(entries));
  const expenses = new Map(entries.flatMap((entry) => expensesIn(entry.pairs)).map((pair) => [pair.id, pair]));
  return ({ kind, id, reason }) => {
    const category = categoryOf(id);
    if (kind === "category") return reason === "changed" ? t`the category ${category}` : category;
    const pair = expenses.get(id);
    const image = pair?.after ?? pair?.before;
    return image ? `${whatOf(image)}, ${money(image.amount, image.currency)}` : t`an expense`;
  };
}
