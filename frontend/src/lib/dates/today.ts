import { useSyncExternalStore } from "react";
import { todayIn } from "./months";

const CHECK_INTERVAL_MS = 30_000;

const listeners = new Set<() => void>();
let interval: ReturnType<typeof setInterval> | undefined;

/** Today in the ledger's time zone. Updates at midnight. */
export function useToday(timeZone: string): string {
  return useSyncExternalStore(subscribe, () => todayIn(timeZone).toString());
}

/**
 * Shares one interval among all subscribers. Browsers throttle it in hidden tabs, so a tab that becomes visible checks
 * at once.
 */
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
