import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pauseExpiry, notify, clearNotices } from "@/lib/notices";
import { accessibilityViolations, renderSignedIn } from "../support/render";

const run = vi.fn();
const LONG = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
  run.mockReset();
});
afterEach(() => {
  act(() => {
    pauseExpiry(false);
    vi.runAllTimers();
  });
  vi.useRealTimers();
});

function showNotice(text: string): void {
  act(() => notify(text, { label: "Undo", run }));
}

function advance(milliseconds: number): void {
  act(() => void vi.advanceTimersByTime(milliseconds));
}

it("stays a while, and longer while somebody points at it or has the focus in it", () => {
  renderSignedIn(<input aria-label="Amount" />);
  showNotice("Deleted.");
  advance(10_000);
  const region = screen.getByRole("region", { name: "Notices" });
  fireEvent.mouseEnter(region);
  advance(LONG);
  expect(screen.getByText("Deleted.")).toBeVisible();
  fireEvent.mouseLeave(region);
  act(() => screen.getByRole("button", { name: "Undo" }).focus());
  advance(LONG);
  expect(screen.getByText("Deleted.")).toBeVisible();
  act(() => screen.getByRole("textbox").focus());
  advance(LONG);
  expect(screen.queryByText("Deleted.")).toBeNull();
  expect(run).not.toHaveBeenCalled();
});

it("lets go of what was said to somebody who has left", () => {
  renderSignedIn(null);
  showNotice("Deleted.");
  fireEvent.mouseEnter(screen.getByRole("region", { name: "Notices" }));
  act(() => clearNotices());
  showNotice("To somebody else.");
  advance(LONG);
  expect(screen.queryByText("To somebody else.")).toBeNull();
});

it("is reached with F6 from anywhere, and left the same way", () => {
  renderSignedIn(<input aria-label="Amount" />);
  const field = screen.getByRole("textbox");
  act(() => field.focus());
  showNotice("Saved.");
  fireEvent.keyDown(field, { key: "F6" });
  expect(screen.getByRole("button", { name: "Undo" })).toHaveFocus();
  fireEvent.keyDown(document.activeElement ?? field, { key: "F6" });
  expect(field).toHaveFocus();
});

it("does what it offers with the usual keys for undo, but not in a field", () => {
  renderSignedIn(<input aria-label="Amount" />);
  showNotice("Deleted.");
  fireEvent.keyDown(screen.getByRole("textbox"), { key: "z", ctrlKey: true });
  expect(run).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  expect(run).toHaveBeenCalledOnce();
  expect(screen.queryByText("Deleted.")).toBeNull();
  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  expect(run).toHaveBeenCalledOnce();
});

it("says the same words once, with what can be done about the latest", () => {
  const later = vi.fn();
  renderSignedIn(null);
  showNotice("Saved.");
  act(() => notify("Saved.", { label: "Undo", run: later }));
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(later).toHaveBeenCalledOnce();
  expect(run).not.toHaveBeenCalled();
});

it("has no barriers that axe knows", async () => {
  const { container } = renderSignedIn(null);
  showNotice("Saved.");
  vi.useRealTimers();
  expect(await accessibilityViolations(container)).toEqual([]);
  vi.useFakeTimers();
});
