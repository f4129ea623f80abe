import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useCategories } from "@/lib/ledger/categories";
import { useFormats } from "@/lib/ledger/ledger";
import type { ActivityItem } from "./activity-items";
import { categoriesIn, type ExpenseImage, expensesIn, type ImagePair } from "./images";

/** Labels of expenses and categories. `categoryNames` holds those of categories that may be deleted. */
export function useLabels(categoryNames: ReadonlyMap<string, string>) {
  const { t } = useLingui();
  const categories = new Map(useCategories().map(({ id, name }) => [id, name]));
  const categoryLabel = (id: string): string =>
    categories.get(id) ?? categoryNames.get(id) ?? t`a category that is gone`;
  const expenseLabel = (image: ExpenseImage): string => image.merchant ?? categoryLabel(image.category);
  return { categoryLabel, expenseLabel };
}

/** Details that are not in an action's sentence: "Category: Food → Home". */
export function useActivityDetails(categoryNames: ReadonlyMap<string, string>): (item: ActivityItem) => string[] {
  const { t } = useLingui();
  const expenseDetails = useExpenseDetails(categoryNames);
  return (item) => {
    const expenses = expensesIn(item.changes);
    const created = categoriesIn(item.changes).filter((pair) => !pair.before && expenses.length > 0);
    const [expense] = expenses;
    const list = created.map(({ after }) => after?.name ?? "").join(", ");
    const newCategories =
      created.length > 0
        ? [t`${plural(created.length, { one: "New category", other: "New categories" })}: ${list}`]
        : [];
    return expense && expenses.length === 1 ? [...expenseDetails(expense), ...newCategories] : newCategories;
  };
}

function useExpenseDetails(categoryNames: ReadonlyMap<string, string>) {
  const { t } = useLingui();
  const { shortDay } = useFormats();
  const { categoryLabel } = useLabels(categoryNames);
  return ({ before, after }: ImagePair<ExpenseImage>): string[] => {
    const image = after ?? before;
    if (!before || !after) return image?.note ? [image.note] : [];
    return [
      ...changeLine(t`Category`, categoryLabel(before.category), categoryLabel(after.category)),
      ...changeLine(t`Merchant`, before.merchant, after.merchant),
      ...changeLine(t`Date`, shortDay(before.spent_on), shortDay(after.spent_on)),
      ...changeLine(t`Note`, before.note, after.note),
      ...changeLine(t`Tags`, before.tags.join(", "), after.tags.join(", ")),
    ];
  };
}

function changeLine(label: string, before: string | null, after: string | null): string[] {
  return before === after ? [] : [`${label}: ${before || "–"} → ${after || "–"}`];
}
