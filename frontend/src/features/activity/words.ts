import { plural, select } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useFormats } from "@/lib/ledger/ledger";
import { type Deed, isUndo } from "./deeds";
import { categoriesIn, type CategoryImage, type ExpenseImage, expensesIn, type Pair } from "./images";
import { useThings } from "./things";

/** Who did it, as a sentence begins; a member by name. */
export interface Doer {
  who: "you" | "outlay" | "member" | "former" | "unknown";
  name: string;
}

/** The names of members are missing until they are known. */
export function doerOf(deed: Deed, account: string, members: ReadonlyMap<string, string> | undefined): Doer {
  if (deed.actor === null) return { who: "outlay", name: "" };
  if (deed.actor === account) return { who: "you", name: "" };
  const name = members?.get(deed.actor);
  if (name !== undefined) return { who: "member", name };
  return { who: members ? "former" : "unknown", name: "" };
}

/** Actions in plain words: "You changed Rewe, €12.50 → €13.00". */
export function useSentences(names: ReadonlyMap<string, string>): (deed: Deed, doer: Doer) => string {
  const ofOne = useSentencesOfOne(names);
  const ofMany = useSentencesOfMany();
  const ofCategory = useSentencesOfCategory();
  const { t } = useLingui();
  return (deed, doer) => {
    const { who, name: member } = doer;
    const expenses = expensesIn(deed.changes);
    const categories = categoriesIn(deed.changes);
    const [expense] = expenses;
    const [category] = categories;
    if (expense) return expenses.length === 1 ? ofOne(doer, expense, isUndo(deed)) : ofMany(doer, expenses, isUndo(deed));
    if (category) return ofCategory(doer, category, isUndo(deed));
    if (deed.name === "open_ledger") return t`This ledger was opened.`;
    return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} did something that this page cannot describe yet.`;
  };
}

type OfOne<Image> = (doer: Doer, pair: Pair<Image>, undo: boolean) => string;

function useSentencesOfOne(names: ReadonlyMap<string, string>): OfOne<ExpenseImage> {
  const { t } = useLingui();
  const { money } = useFormats();
  const { whatOf } = useThings(names);
  return ({ who, name: member }, { before, after }, undo) => {
    const image = before ?? after;
    if (!image) return "";
    const what = whatOf(image);
    const amount = money(image.amount, image.currency);
    const now = after ? money(after.amount, after.currency) : "";
    const change = before && after && amount !== now ? `${amount} → ${now}` : amount;
    if (!before && undo) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} put back ${what}, ${amount}`;
    if (!before) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} added ${what}, ${amount}`;
    if (!after && undo) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} took back ${what}, ${amount}`;
    if (!after) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} deleted ${what}, ${amount}`;
    if (undo) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} changed back ${what}, ${change}`;
    return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} changed ${what}, ${change}`;
  };
}

function useSentencesOfMany() {
  const { t } = useLingui();
  return ({ who, name: member }: Doer, pairs: readonly Pair<ExpenseImage>[], undo: boolean): string => {
    const added = pairs.filter((pair) => !pair.before).length;
    const deleted = pairs.filter((pair) => !pair.after).length;
    const all = pairs.length;
    if (undo) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} took back a change to ${plural(all, { one: "# expense", other: "# expenses" })}`;
    if (added === all) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} added ${plural(all, { one: "# expense", other: "# expenses" })}`;
    if (deleted === all) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} deleted ${plural(all, { one: "# expense", other: "# expenses" })}`;
    return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} changed ${plural(all, { one: "# expense", other: "# expenses" })} at once`;
  };
}

function useSentencesOfCategory(): OfOne<CategoryImage> {
  const { t } = useLingui();
  return ({ who, name: member }, { before, after }, undo) => {
    const old = before?.name ?? "";
    const name = after?.name ?? "";
    if (!before) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} added the category ${name}`;
    if (!after) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} removed the category ${old}`;
    if (old === name) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} changed the look of the category ${name}`;
    if (undo) return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} changed back the name of the category ${old} → ${name}`;
    return t`${select(who, { you: "You", outlay: "Outlay", member: `${member}`, former: "A former member", other: "Someone in this ledger" })} renamed the category ${old} → ${name}`;
  };
}
