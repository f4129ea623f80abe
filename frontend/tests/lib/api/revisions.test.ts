import { expect, it } from "vitest";
import { RevisionTracker } from "@/lib/api/revisions";

it("keeps the highest revision of each ledger and never goes back", () => {
  const revisions = new RevisionTracker();
  expect(revisions.advance("a", 5)).toBe(true);
  expect(revisions.advance("a", 3)).toBe(false);
  expect(revisions.advance("a", 5)).toBe(false);
  expect(revisions.advance("b", 1)).toBe(true);
  expect([revisions.latest("a"), revisions.latest("b"), revisions.latest("c")]).toEqual([5, 1, 0]);
});

it("ignores invalid revisions", () => {
  const revisions = new RevisionTracker();
  for (const invalid of [Number.NaN, 1.5, -1, 0, Number.POSITIVE_INFINITY])
    expect(revisions.advance("a", invalid)).toBe(false);
  expect(revisions.latest("a")).toBe(0);
});

it("survives a reload of the tab, and can be reset", () => {
  new RevisionTracker(sessionStorage).advance("a", 7);
  const reloaded = new RevisionTracker(sessionStorage);
  expect(reloaded.latest("a")).toBe(7);
  reloaded.reset("a");
  expect(new RevisionTracker(sessionStorage).latest("a")).toBe(0);
});

it("starts empty if the storage is corrupt", () => {
  sessionStorage.setItem("outlay.revisions", '{"a": "seven"');
  expect(new RevisionTracker(sessionStorage).latest("a")).toBe(0);
});
