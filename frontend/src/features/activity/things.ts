import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useCategories } from "@/lib/ledger/categories";
import { useFormats } from "@/lib/ledger/ledger";
import type { Deed } from "./deeds";
import { categoriesIn, type ExpenseImage, expensesIn, type Pair } from "./images";

/** What things are called, by their images; `names` are those of categories that may be gone by now. */
export function useThings(names: ReadonlyMap<string, string>) {
  const { t } = useLingui();
  const categories = new Map(useCategories().map(({ id, name }) => [id, name]));
  const categoryOf = (id: string): string => categories.get(id) ?? names.get(id) ?? t`a category that is gone`;
  const whatOf = (image: ExpenseImage): string => image.merchant ?? categoryOf(image.category);
  return { categoryOf, whatOf };
}

/** What a sentence about an action leaves out: "Category: Food → Home". */
export function useDetails(names: ReadonlyMap<string, string>): (deed: Deed) => string[] {
  const { t } = useLingui();
  const ofExpense = useExpenseDetails(names);
  return (deed) => {
    const expenses = expensesIn(deed.changes);
    const made = categoriesIn(deed.changes).filter((pair) => !pair.before && expenses.length > 0);
    const [expense] = expenses;
    const list = made.map(({ after }) => after?.name ?? "").join(", ");
    const news = made.length > 0 ? [t`${plural(made.length, { one: "New category", other: "New categories" })}: ${list}`] : [];
    return expense && expenses.length === 1 ? [...ofExpense(expense), ...news] : news;
  };
}

function useExpenseDetails(names: ReadonlyMap<string, string>) {
  const { t } = useLingui();
  const { shortDay } = useFormats();
  const { categoryOf } = useThings(names);
  return ({ before, after }: Pair<ExpenseImage>): string[] => {
    const image = after ?? before;
    if (!before || !after) return image?.note ? [image.note] : [];
    return [
      ...arrow(t`Category`, categoryOf(before.category), categoryOf(after.category)),
      ...arrow(t`Merchant`, before.merchant, after.merchant),
      ...arrow(t`Date`, shortDay(before.spent_on), shortDay(after.spent_on)),
      ...arrow(t`Note`, before.note, after.note),
      ...arrow(t`Tags`, before.tags.join(", "), after.tags.join(", ")),
    ];
  };
}

function arrow(label: string, old: string | null, now: string | null): string[] {
  return old === now ? [] : [`${label}: ${old || "–"} → ${now || "–"}`];
}
