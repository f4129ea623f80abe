import { apiUrl } from "./origin";
import { CookiesBlockedError } from "./errors";

/** `expired`: the server no longer knows us. `left`: the person signed out. */
export type SessionEndReason = "expired" | "left";

const CHANNEL = "outlay.session";

type Listener = (reason: SessionEndReason) => void | Promise<void>;

const listeners = new Set<Listener>();

/** Throws Unkept where the browser has dropped the cookies of a session that was given just now. */
export async function requireSessionCookies(): Promise<void> {
  const response = await fetch(apiUrl("/api/v1/auth/me"), { credentials: "include" });
  if (response.status === 401) throw new CookiesBlockedError();
}

/** Calls back when the session is over; returns how to stop listening. */
export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells this tab and all others: whoever signs out in one tab has signed out in all. Resolves when this one has left. */
export async function announceSessionEnd(reason: SessionEndReason = "expired"): Promise<void> {
  channel?.postMessage(reason);
  await notifyListeners(reason);
}

const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;
channel?.addEventListener("message", (event) => void notifyListeners(event.data === "left" ? "left" : "expired"));

async function notifyListeners(reason: SessionEndReason): Promise<void> {
  await Promise.all([...listeners].map((listener) => listener(reason)));
}
