import { plural, select } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useFormats } from "@/lib/ledger/ledger";
import { type ActivityItem, isUndo } from "./activity-items";
import { categoriesIn, type CategoryImage, type ExpenseImage, expensesIn, type ImagePair } from "./images";
import { useLabels } from "./labels";

/** The subject of a sentence about an action. "You" is a case of its own, because verbs differ in other languages. */
export interface ActorLabel {
  who: "you" | "other";
  name: string;
}

/** Names the actors. `members` is undefined until the names are loaded. */
export function useActorLabel(
  userId: string,
  members: ReadonlyMap<string, string> | undefined,
): (item: ActivityItem) => ActorLabel {
  const { t } = useLingui();
  return ({ actor }) => {
    if (actor === null) return { who: "other", name: "Outlay" };
    if (actor === userId) return { who: "you", name: "" };
    const unnamed = members ? t`A former member` : t`Someone in this ledger`;
    return { who: "other", name: members?.get(actor) ?? unnamed };
  };
}

/** Describes actions: "You changed Rewe, €12.50 → €13.00". */
export function useActivitySentences(
  categoryNames: ReadonlyMap<string, string>,
): (item: ActivityItem, actor: ActorLabel) => string {
  const expenseSentence = useExpenseSentences(categoryNames);
  const manyExpensesSentence = useManyExpensesSentences();
  const categorySentence = useCategorySentences();
  const { t } = useLingui();
  return (item, actor) => {
    const { who, name } = actor;
    const expenses = expensesIn(item.changes);
    const categories = categoriesIn(item.changes);
    const [expense] = expenses;
    const [category] = categories;
    if (expense)
      return expenses.length === 1
        ? expenseSentence(actor, expense, isUndo(item))
        : manyExpensesSentence(actor, expenses, isUndo(item));
    if (category) return categorySentence(actor, category, isUndo(item));
    if (item.action === "open_ledger") return t`This ledger was opened.`;
    return t`${select(who, { you: "You", other: `${name}` })} did something that this page cannot describe yet.`;
  };
}

type PairSentence<Image> = (actor: ActorLabel, pair: ImagePair<Image>, undo: boolean) => string;

function useExpenseSentences(categoryNames: ReadonlyMap<string, string>): PairSentence<ExpenseImage> {
  const { t } = useLingui();
  const { money } = useFormats();
  const { expenseLabel } = useLabels(categoryNames);
  return ({ who, name }, { before, after }, undo) => {
    const image = before ?? after;
    if (!image) return "";
    const what = expenseLabel(image);
    const amount = money(image.amount, image.currency);
    const newAmount = after ? money(after.amount, after.currency) : "";
    const change = before && after && amount !== newAmount ? `${amount} → ${newAmount}` : amount;
    if (!before && undo) return t`${select(who, { you: "You", other: `${name}` })} put back ${what}, ${amount}`;
    if (!before) return t`${select(who, { you: "You", other: `${name}` })} added ${what}, ${amount}`;
    if (!after && undo) return t`${select(who, { you: "You", other: `${name}` })} took back ${what}, ${amount}`;
    if (!after) return t`${select(who, { you: "You", other: `${name}` })} deleted ${what}, ${amount}`;
    if (undo) return t`${select(who, { you: "You", other: `${name}` })} changed back ${what}, ${change}`;
    return t`${select(who, { you: "You", other: `${name}` })} changed ${what}, ${change}`;
  };
}

function useManyExpensesSentences() {
  const { t } = useLingui();
  return ({ who, name }: ActorLabel, pairs: readonly ImagePair<ExpenseImage>[], undo: boolean): string => {
    const added = pairs.filter((pair) => !pair.before).length;
    const deleted = pairs.filter((pair) => !pair.after).length;
    const all = pairs.length;
    if (undo)
      return t`${select(who, { you: "You", other: `${name}` })} took back a change to ${plural(all, {
        one: "# expense",
        other: "# expenses",
      })}`;
    if (added === all)
      return t`${select(who, { you: "You", other: `${name}` })} added ${plural(all, {
        one: "# expense",
        other: "# expenses",
      })}`;
    if (deleted === all)
      return t`${select(who, { you: "You", other: `${name}` })} deleted ${plural(all, {
        one: "# expense",
        other: "# expenses",
      })}`;
    return t`${select(who, { you: "You", other: `${name}` })} changed ${plural(all, {
      one: "# expense",
      other: "# expenses",
    })} at once`;
  };
}

function useCategorySentences(): PairSentence<CategoryImage> {
  const { t } = useLingui();
  return ({ who, name }, { before, after }, undo) => {
    const oldName = before?.name ?? "";
    const newName = after?.name ?? "";
    if (!before) return t`${select(who, { you: "You", other: `${name}` })} added the category ${newName}`;
    if (!after) return t`${select(who, { you: "You", other: `${name}` })} removed the category ${oldName}`;
    if (oldName === newName)
      return t`${select(who, { you: "You", other: `${name}` })} changed the look of the category ${newName}`;
    if (undo)
      return t`${select(who, {
        you: "You",
        other: `${name}`,
      })} changed back the name of the category ${oldName} → ${newName}`;
    return t`${select(who, { you: "You", other: `${name}` })} renamed the category ${oldName} → ${newName}`;
  };
}
