import { useSyncExternalStore } from "react";

/** An action that a notice offers. */
export interface NoticeAction {
  label: string;
  run(): void;
}

/** A short message at the bottom of the page. */
export interface Notice {
  id: number;
  text: string;
  action: NoticeAction | null;
}

const DURATION_MS = 6000;
/** Long enough to read it, decide, and reach the button. */
const DURATION_WITH_ACTION_MS = 12_000;
const MAX_NOTICES = 3;

const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let notices: readonly Notice[] = [];
let isExpiryPaused = false;
let nextId = 1;

/** Shows a notice. The same text is not shown twice at once, unless the new notice has an action. */
export function notify(text: string, action: NoticeAction | null = null): void {
  const shown = notices.find((notice) => notice.text === text);
  if (shown && !action) return;
  const notice = { id: nextId++, text, action };
  setNotices([...notices.filter((other) => other !== shown).slice(1 - MAX_NOTICES), notice]);
  if (!isExpiryPaused) scheduleExpiry(notice);
}

export function dismissNotice(id: number): void {
  setNotices(notices.filter((notice) => notice.id !== id));
  // Only the user can have dismissed it while expiry was paused, and has moved on now.
  pauseExpiry(false);
}

/** Removes all notices when the user has signed out. */
export function clearNotices(): void {
  setNotices([]);
  pauseExpiry(false);
}

/** Runs the notice's action and dismisses it. */
export function runNoticeAction(notice: Notice): void {
  dismissNotice(notice.id);
  notice.action?.run();
}

/** Pauses expiry while the pointer or focus is on the notices; afterwards their full time starts again. */
export function pauseExpiry(paused: boolean): void {
  if (isExpiryPaused === paused) return;
  isExpiryPaused = paused;
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  if (!isExpiryPaused) for (const notice of notices) scheduleExpiry(notice);
}

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(subscribe, () => notices);
}

function scheduleExpiry(notice: Notice): void {
  timers.set(
    notice.id,
    setTimeout(() => dismissNotice(notice.id), notice.action ? DURATION_WITH_ACTION_MS : DURATION_MS),
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function setNotices(to: readonly Notice[]): void {
  notices = to;
  for (const [id, timer] of timers) {
    if (notices.some((notice) => notice.id === id)) continue;
    clearTimeout(timer);
    timers.delete(id);
  }
  for (const listener of listeners) listener();
}
