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

it("keeps a notice longer while the pointer or the focus is on it", () => {
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

it("removes all notices after signing out", () => {
  renderSignedIn(null);
  showNotice("Deleted.");
  fireEvent.mouseEnter(screen.getByRole("region", { name: "Notices" }));
  act(() => clearNotices());
  showNotice("For another user.");
  advance(LONG);
  expect(screen.queryByText("For another user.")).toBeNull();
});

it("moves the focus to the notice with F6, and back", () => {
  renderSignedIn(<input aria-label="Amount" />);
  const field = screen.getByRole("textbox");
  act(() => field.focus());
  showNotice("Saved.");
  fireEvent.keyDown(field, { key: "F6" });
  expect(screen.getByRole("button", { name: "Undo" })).toHaveFocus();
  fireEvent.keyDown(document.activeElement ?? field, { key: "F6" });
  expect(field).toHaveFocus();
});

it("runs the notice's action with the undo keys, but not in a field", () => {
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

it("shows the same text once, with the latest action", () => {
  const later = vi.fn();
  renderSignedIn(null);
  showNotice("Saved.");
  act(() => notify("Saved.", { label: "Undo", run: later }));
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(later).toHaveBeenCalledOnce();
  expect(run).not.toHaveBeenCalled();
});

it("has no accessibility violations", async () => {
  const { container } = renderSignedIn(null);
  showNotice("Saved.");
  vi.useRealTimers();
  expect(await accessibilityViolations(container)).toEqual([]);
  vi.useFakeTimers();
});
