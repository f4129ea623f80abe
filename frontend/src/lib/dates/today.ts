import { useSyncExternalStore } from "react";
import { todayIn } from "./months";

const LOOK_AGAIN_MS = 30_000;

const listeners = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | undefined;

/** Today where the ledger lives; a page that is left open learns of midnight. */
export function useToday(timeZone: string): string {
  return useSyncExternalStore(subscribe, () => todayIn(timeZone).toString());
}

/** One clock for all who want to know. Browsers slow it down in hidden tabs, so a tab that comes back looks at once. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    clock = setInterval(look, LOOK_AGAIN_MS);
    document.addEventListener("visibilitychange", look);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(clock);
    document.removeEventListener("visibilitychange", look);
  };
}

function look(): void {
  for (const listener of listeners) listener();
}
