import { useSyncExternalStore } from "react";

/** What one can do about a notice. */
export interface NoticeAction {
  label: string;
  run(): void;
}

/** A short word to the person, said once and calmly. */
export interface Notice {
  id: number;
  text: string;
  action: NoticeAction | null;
}

const DURATION_MS = 6000;
/** Long enough to read it, think, and find the way to the button. */
const DURATION_WITH_ACTION_MS = 12_000;
const MAX_NOTICES = 3;

const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let notices: readonly Notice[] = [];
let isExpiryPaused = false;
let nextId = 1;

/** Says it. The same words are not said twice at once, unless there is something new to do about them. */
export function notify(text: string, action: NoticeAction | null = null): void {
  const shown = notices.find((notice) => notice.text === text);
  if (shown && !action) return;
  const notice = { id: nextId++, text, action };
  setNotices([...notices.filter((other) => other !== shown).slice(1 - MAX_NOTICES), notice]);
  if (!isExpiryPaused) scheduleExpiry(notice);
}

export function dismissNotice(id: number): void {
  setNotices(notices.filter((notice) => notice.id !== id));
  // Only a person can have done this while they were held, and has now moved on.
  pauseExpiry(false);
}

/** What was said was said to somebody who has left. */
export function clearNotices(): void {
  setNotices([]);
  pauseExpiry(false);
}

/** Does what the notice offers; it has then said all it had to say. */
export function runNoticeAction(notice: Notice): void {
  dismissNotice(notice.id);
  notice.action?.run();
}

/** While somebody is at them, notices stay; afterwards they have their whole time again. */
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
