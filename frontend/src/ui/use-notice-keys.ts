import { type RefObject, useCallback, useEffect, useRef } from "react";
import { act, useNotices } from "@/lib/notices";

/**
 * The way to notices without a mouse: F6 goes to the newest one and back again, and the usual keys for undo do what
 * it offers, except in a field, where they undo the typing. Returns how to go back from a notice that is done with.
 */
export function useNoticeKeys(region: RefObject<HTMLElement | null>): () => void {
  const from = useRef<HTMLElement | null>(null);
  const newest = useNotices().findLast((notice) => notice.action);
  const back = useCallback(() => {
    from.current?.focus();
    from.current = null;
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === "F6" && region.current?.querySelector("button")) {
        event.preventDefault();
        if (region.current.contains(document.activeElement)) back();
        else from.current = goTo(region.current);
      } else if (newest && isUndo(event) && !isField(event.target)) {
        event.preventDefault();
        act(newest);
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [region, newest, back]);
  return back;
}

/** To the newest notice; returns where one came from. */
function goTo(region: HTMLElement): HTMLElement | null {
  const now = document.activeElement;
  region.querySelector<HTMLElement>("[role=status] > :last-child button")?.focus();
  return now instanceof HTMLElement ? now : null;
}

function isUndo(event: KeyboardEvent): boolean {
  return event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, [contenteditable], [role=spinbutton]") !== null;
}
