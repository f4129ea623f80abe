import { expect, it } from "vitest";
import type { JournalEntry } from "@/features/activity/api/journal";
import { canBeUndone, toActivityItems } from "@/features/activity/activity-items";
import { aChange, anEntry, anImage } from "../../support/journal";

const CHANGED_IMAGE = anImage({ amount: "13.00", minor: 1300 });
const added = anEntry(2, "record_expense", [aChange("x", null, anImage())]);
const changed = anEntry(3, "correct_expense", [aChange("x", anImage(), CHANGED_IMAGE)]);
const undone = anEntry(4, "undo_action", [aChange("x", CHANGED_IMAGE, anImage())]);
const redone = anEntry(5, "undo_action", [aChange("x", anImage(), CHANGED_IMAGE)]);

function undoneFlags(...newestFirst: JournalEntry[]): boolean[] {
  return toActivityItems(newestFirst).map((item) => item.undone);
}

it("merges all entries of an action, with one change per object from its first to its last state", () => {
  const first = anEntry(2, "import", [aChange("x", null, anImage()), aChange("y", null, anImage())], {
    action_id: "a",
  });
  const second = anEntry(3, "import", [aChange("x", anImage(), CHANGED_IMAGE)], { action_id: "a" });
  const [item, ...others] = toActivityItems([second, first]);
  expect(others).toEqual([]);
  expect(item).toMatchObject({ id: "a", revision: 2 });
  expect(item?.changes).toEqual([aChange("x", null, CHANGED_IMAGE), aChange("y", null, anImage())]);
});

it("marks undone actions, and an undo of the undo restores them", () => {
  expect(undoneFlags(changed, added)).toEqual([false, false]);
  expect(undoneFlags(undone, changed, added)).toEqual([false, true, false]);
  expect(undoneFlags(redone, undone, changed, added)).toEqual([false, true, false, false]);
});

it("matches an undo with the later of two equal changes", () => {
  const again = anEntry(6, "correct_expense", [aChange("x", anImage(), CHANGED_IMAGE)]);
  const undo = anEntry(7, "undo_action", [aChange("x", CHANGED_IMAGE, anImage())]);
  expect(undoneFlags(undo, again, undone, changed, added)).toEqual([false, true, false, true, false]);
});

it("offers no undo for undone actions and for the opening of the ledger", () => {
  const opened = anEntry(1, "open_ledger", [aChange("l", null, { currency: "EUR" }, "ledger")], {
    actor: null,
    via: "system",
  });
  expect(toActivityItems([undone, changed, added, opened]).map(canBeUndone)).toEqual([true, false, true, false]);
});
