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

const LIFE_MS = 6000;
/** Long enough to read it, think, and find the way to the button. */
const LIFE_WITH_ACTION_MS = 12_000;
const MOST_AT_ONCE = 3;

const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let notices: readonly Notice[] = [];
let held = false;
let next = 1;

/** Says it. The same words are not said twice at once, unless there is something new to do about them. */
export function notify(text: string, action: NoticeAction | null = null): void {
  const said = notices.find((notice) => notice.text === text);
  if (said && !action) return;
  const notice = { id: next++, text, action };
  change([...notices.filter((other) => other !== said).slice(1 - MOST_AT_ONCE), notice]);
  if (!held) expire(notice);
}

export function dismiss(id: number): void {
  change(notices.filter((notice) => notice.id !== id));
  // Only a person can have done this while they were held, and has now moved on.
  hold(false);
}

/** What was said was said to somebody who has left. */
export function silence(): void {
  change([]);
  hold(false);
}

/** Does what the notice offers; it has then said all it had to say. */
export function act(notice: Notice): void {
  dismiss(notice.id);
  notice.action?.run();
}

/** While somebody is at them, notices stay; afterwards they have their whole time again. */
export function hold(yes: boolean): void {
  if (held === yes) return;
  held = yes;
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  if (!held) for (const notice of notices) expire(notice);
}

export function useNotices(): readonly Notice[] {
  return useSyncExternalStore(subscribe, () => notices);
}

function expire(notice: Notice): void {
  timers.set(
    notice.id,
    setTimeout(() => dismiss(notice.id), notice.action ? LIFE_WITH_ACTION_MS : LIFE_MS),
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(to: readonly Notice[]): void {
  notices = to;
  for (const [id, timer] of timers) {
    if (notices.some((notice) => notice.id === id)) continue;
    clearTimeout(timer);
    timers.delete(id);
  }
  for (const listener of listeners) listener();
}
