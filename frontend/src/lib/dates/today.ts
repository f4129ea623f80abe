import { useSyncExternalStore } from "react";
import { todayIn } from "./months";

const CHECK_INTERVAL_MS = 30_000;

const listeners = new Set<() => void>();
let interval: ReturnType<typeof setInterval> | undefined;

/** Today where the ledger lives; a page that is left open learns of midnight. */
export function useToday(timeZone: string): string {
  return useSyncExternalStore(subscribe, () => todayIn(timeZone).toString());
}

/** One clock for all who want to know. Browsers slow it down in hidden tabs, so a tab that comes back looks at once. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    interval = setInterval(notifyListeners, CHECK_INTERVAL_MS);
    document.addEventListener("visibilitychange", notifyListeners);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(interval);
    document.removeEventListener("visibilitychange", notifyListeners);
  };
}

function notifyListeners(): void {
  for (const listener of listeners) listener();
}
