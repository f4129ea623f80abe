import { apiUrl } from "./origin";
import { Unkept } from "./problems";

/** What became of a session that was to be renewed. `unsure`: no one could say; ask again later. */
export type Renewal = "renewed" | "ended" | "unsure";

/** `expired`: the server no longer knows us. `left`: the person signed out. */
export type Ending = "expired" | "left";

const CLIENT = { "Outlay-Client": "web" };
const CHANNEL = "outlay.session";

let running: Promise<Renewal> | null = null;
type Listener = (ending: Ending) => void | Promise<void>;

const listeners = new Set<Listener>();
const renewals = new Set<() => void>();

/** Renews the session by its cookie. All who ask at the same time share one request. */
export function renewSession(): Promise<Renewal> {
  running ??= ask().finally(() => {
    running = null;
  });
  return running;
}

async function ask(): Promise<Renewal> {
  try {
    const response = await fetch(apiUrl("/api/v1/auth/refresh"), { method: "POST", headers: CLIENT, credentials: "include" });
    if (response.ok) {
      for (const listener of renewals) listener();
      return "renewed";
    }
    return response.status === 401 ? "ended" : "unsure";
  } catch {
    return "unsure";
  }
}

/** Throws Unkept where the browser has dropped the cookies of a session that was given just now. */
export async function requireKept(): Promise<void> {
  const response = await fetch(apiUrl("/api/v1/auth/me"), { credentials: "include" });
  if (response.status === 401) throw new Unkept();
}

/** Calls back when the session was renewed: what the person may see can have changed. Returns how to stop listening. */
export function onRenewal(listener: () => void): () => void {
  renewals.add(listener);
  return () => renewals.delete(listener);
}

/** Calls back when the session is over; returns how to stop listening. */
export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells this tab and all others: whoever signs out in one tab has signed out in all. Resolves when this one has left. */
export async function announceSessionEnd(ending: Ending = "expired"): Promise<void> {
  tabs?.postMessage(ending);
  await callBack(ending);
}

const tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;
tabs?.addEventListener("message", (event) => void callBack(event.data === "left" ? "left" : "expired"));

async function callBack(ending: Ending): Promise<void> {
  await Promise.all([...listeners].map((listener) => listener(ending)));
}
