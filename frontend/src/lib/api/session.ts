import { apiUrl } from "./origin";
import { CookiesBlockedError } from "./errors";

/** `expired`: the server no longer accepts the session. `signed-out`: the user signed out. */
export type SessionEndReason = "expired" | "signed-out";

const CHANNEL = "outlay.session";
/** What tabs send when the user signs out; `left` comes from tabs that were opened before an upgrade. */
const SIGNED_OUT: ReadonlySet<unknown> = new Set(["signed-out", "left"]);

type Listener = (reason: SessionEndReason) => void | Promise<void>;

const listeners = new Set<Listener>();

/** Throws CookiesBlockedError if the browser has rejected the cookies of the new session. */
export async function requireSessionCookies(): Promise<void> {
  const response = await fetch(apiUrl("/api/v1/auth/me"), { credentials: "include" });
  if (response.status === 401) throw new CookiesBlockedError();
}

/** Calls the listener when the session ends. Returns the unsubscribe function. */
export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Notifies the listeners of this tab and all others: signing out in one tab signs out in all. Resolves when this tab's
 * listeners have finished.
 */
export async function announceSessionEnd(reason: SessionEndReason = "expired"): Promise<void> {
  channel?.postMessage(reason);
  await notifyListeners(reason);
}

const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;
channel?.addEventListener(
  "message",
  (event) => void notifyListeners(SIGNED_OUT.has(event.data) ? "signed-out" : "expired"),
);

async function notifyListeners(reason: SessionEndReason): Promise<void> {
  await Promise.all([...listeners].map((listener) => listener(reason)));
}
