import { plural, select } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useFormats } from "@/lib/ledger/ledger";
import { type ActivityItem, isUndo } from "./activity-items";
import { categoriesIn, type CategoryImage, type ExpenseImage, expensesIn, type ImagePair } from "./images";
import { useLabels } from "./labels";

/** The subject of a sentence about an action; `name` is set for members. */
export interface ActorLabel {
  who: "you" | "outlay" | "member" | "former" | "unknown";
  name: string;
}

/** Returns the sentence's subject. `members` is undefined until the names are loaded. */
export function actorLabel(
  item: ActivityItem,
  userId: string,
  members: ReadonlyMap<string, string> | undefined,
): ActorLabel {
  if (item.actor === null) return { who: "outlay", name: "" };
  if (item.actor === userId) return { who: "you", name: "" };
  const name = members?.get(item.actor);
  if (name !== undefined) return { who: "member", name };
  return { who: members ? "former" : "unknown", name: "" };
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
    const { who, name: member } = actor;
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
    return t`${select(who, {
      you: "You",
      outlay: "Outlay",
      member: `${member}`,
      former: "A former member",
      other: "Someone in this ledger",
    })} did something that this page cannot describe yet.`;
  };
}

type PairSentence<Image> = (actor: ActorLabel, pair: ImagePair<Image>, undo: boolean) => string;

function useExpenseSentences(categoryNames: ReadonlyMap<string, string>): PairSentence<ExpenseImage> {
  const { t } = useLingui();
  const { money } = useFormats();
  const { expenseLabel } = useLabels(categoryNames);
  return ({ who, name: member }, { before, after }, undo) => {
    const image = before ?? after;
    if (!image) return "";
    const what = expenseLabel(image);
    const amount = money(image.amount, image.currency);
    const newAmount = after ? money(after.amount, after.currency) : "";
    const change = before && after && amount !== newAmount ? `${amount} → ${newAmount}` : amount;
    if (!before && undo)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} put back ${what}, ${amount}`;
    if (!before)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} added ${what}, ${amount}`;
    if (!after && undo)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} took back ${what}, ${amount}`;
    if (!after)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} deleted ${what}, ${amount}`;
    if (undo)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} changed back ${what}, ${change}`;
    return t`${select(who, {
      you: "You",
      outlay: "Outlay",
      member: `${member}`,
      former: "A former member",
      other: "Someone in this ledger",
    })} changed ${what}, ${change}`;
  };
}

function useManyExpensesSentences() {
  const { t } = useLingui();
  return ({ who, name: member }: ActorLabel, pairs: readonly ImagePair<ExpenseImage>[], undo: boolean): string => {
    const added = pairs.filter((pair) => !pair.before).length;
    const deleted = pairs.filter((pair) => !pair.after).length;
    const all = pairs.length;
    if (undo)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} took back a change to ${plural(all, { one: "# expense", other: "# expenses" })}`;
    if (added === all)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} added ${plural(all, { one: "# expense", other: "# expenses" })}`;
    if (deleted === all)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} deleted ${plural(all, { one: "# expense", other: "# expenses" })}`;
    return t`${select(who, {
      you: "You",
      outlay: "Outlay",
      member: `${member}`,
      former: "A former member",
      other: "Someone in this ledger",
    })} changed ${plural(all, { one: "# expense", other: "# expenses" })} at once`;
  };
}

function useCategorySentences(): PairSentence<CategoryImage> {
  const { t } = useLingui();
  return ({ who, name: member }, { before, after }, undo) => {
    const oldName = before?.name ?? "";
    const newName = after?.name ?? "";
    if (!before)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} added the category ${newName}`;
    if (!after)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} removed the category ${oldName}`;
    if (oldName === newName)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} changed the look of the category ${newName}`;
    if (undo)
      return t`${select(who, {
        you: "You",
        outlay: "Outlay",
        member: `${member}`,
        former: "A former member",
        other: "Someone in this ledger",
      })} changed back the name of the category ${oldName} → ${newName}`;
    return t`${select(who, {
      you: "You",
      outlay: "Outlay",
      member: `${member}`,
      former: "A former member",
      other: "Someone in this ledger",
    })} renamed the category ${oldName} → ${newName}`;
  };
}
