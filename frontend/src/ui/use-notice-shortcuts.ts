import { type RefObject, useCallback, useEffect, useRef } from "react";
import { runNoticeAction, useNotices } from "@/lib/notices";

/**
 * Keyboard shortcuts of the notices. F6 moves the focus to the newest one and back. The usual undo keys run its action,
 * except in a field, where they undo typing. Returns a function that restores the focus after a notice.
 */
export function useNoticeShortcuts(region: RefObject<HTMLElement | null>): () => void {
  const previousFocus = useRef<HTMLElement | null>(null);
  const newest = useNotices().findLast((notice) => notice.action);
  const restoreFocus = useCallback(() => {
    previousFocus.current?.focus();
    previousFocus.current = null;
  }, []);
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      if (event.key === "F6" && region.current?.querySelector("button")) {
        event.preventDefault();
        if (region.current.contains(document.activeElement)) restoreFocus();
        else previousFocus.current = focusNewest(region.current);
      } else if (newest && isUndo(event) && !isField(event.target)) {
        event.preventDefault();
        runNoticeAction(newest);
      }
    };
    document.addEventListener("keydown", handleKey);
    return () => document.removeEventListener("keydown", handleKey);
  }, [region, newest, restoreFocus]);
  return restoreFocus;
}

/** Focuses the newest notice. Returns the element that had the focus. */
function focusNewest(region: HTMLElement): HTMLElement | null {
  const focused = document.activeElement;
  region.querySelector<HTMLElement>("[role=status] > :last-child button")?.focus();
  return focused instanceof HTMLElement ? focused : null;
}

function isUndo(event: KeyboardEvent): boolean {
  return event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, [contenteditable], [role=spinbutton]") !== null
  );
}
