import { expect, it } from "vitest";
import type { Entry } from "@/features/activity/api/journal";
import { canBeUndone, deedsOf } from "@/features/activity/deeds";
import { aChange, anEntry, anImage } from "../../support/journal";

const DEAR = anImage({ amount: "13.00", minor: 1300 });
const added = anEntry(2, "record_expense", [aChange("x", null, anImage())]);
const changed = anEntry(3, "correct_expense", [aChange("x", anImage(), DEAR)]);
const undone = anEntry(4, "undo_action", [aChange("x", DEAR, anImage())]);
const redone = anEntry(5, "undo_action", [aChange("x", anImage(), DEAR)]);

function marksOf(...newestFirst: Entry[]): boolean[] {
  return deedsOf(newestFirst).map((deed) => deed.undone);
}

it("makes one line of all entries of an action, each thing from how it was found to how it was left", () => {
  const first = anEntry(2, "import", [aChange("x", null, anImage()), aChange("y", null, anImage())], { action_id: "a" });
  const second = anEntry(3, "import", [aChange("x", anImage(), DEAR)], { action_id: "a" });
  const [deed, ...others] = deedsOf([second, first]);
  expect(others).toEqual([]);
  expect(deed).toMatchObject({ id: "a", revision: 2 });
  expect(deed?.changes).toEqual([aChange("x", null, DEAR), aChange("y", null, anImage())]);
});

it("knows what was undone, and that an undo of the undo brings it back", () => {
  expect(marksOf(changed, added)).toEqual([false, false]);
  expect(marksOf(undone, changed, added)).toEqual([false, true, false]);
  expect(marksOf(redone, undone, changed, added)).toEqual([false, true, false, false]);
});

it("takes an undo of the same change made twice for one of the later", () => {
  const again = anEntry(6, "correct_expense", [aChange("x", anImage(), DEAR)]);
  const undo = anEntry(7, "undo_action", [aChange("x", DEAR, anImage())]);
  expect(marksOf(undo, again, undone, changed, added)).toEqual([false, true, false, true, false]);
});

it("offers no undo for what was undone, nor for the opening of the ledger", () => {
  const opened = anEntry(1, "open_ledger", [aChange("l", null, { currency: "EUR" }, "ledger")], { actor: null, via: "system" });
  expect(deedsOf([undone, changed, added, opened]).map(canBeUndone)).toEqual([true, false, true, false]);
});
