import { expect, it } from "vitest";
import { Revisions } from "@/lib/api/revisions";

it("keeps the highest revision of each ledger and never goes back", () => {
  const revisions = new Revisions();
  expect(revisions.note("a", 5)).toBe(true);
  expect(revisions.note("a", 3)).toBe(false);
  expect(revisions.note("a", 5)).toBe(false);
  expect(revisions.note("b", 1)).toBe(true);
  expect([revisions.seen("a"), revisions.seen("b"), revisions.seen("c")]).toEqual([5, 1, 0]);
});

it("takes no note of what is no revision", () => {
  const revisions = new Revisions();
  for (const odd of [Number.NaN, 1.5, -1, 0, Number.POSITIVE_INFINITY]) expect(revisions.note("a", odd)).toBe(false);
  expect(revisions.seen("a")).toBe(0);
});

it("survives a reload of the tab, and forgets on demand", () => {
  new Revisions(sessionStorage).note("a", 7);
  const reloaded = new Revisions(sessionStorage);
  expect(reloaded.seen("a")).toBe(7);
  reloaded.forget("a");
  expect(new Revisions(sessionStorage).seen("a")).toBe(0);
});

it("starts afresh from a storage that holds nonsense", () => {
  sessionStorage.setItem("outlay.revisions", '{"a": "seven"');
  expect(new Revisions(sessionStorage).seen("a")).toBe(0);
});
