import { apiUrl } from "./origin";
import { Unkept } from "./problems";

/** `expired`: the server no longer knows us. `left`: the person signed out. */
export type Ending = "expired" | "left";

const CHANNEL = "outlay.session";

type Listener = (ending: Ending) => void | Promise<void>;

const listeners = new Set<Listener>();

/** Throws Unkept where the browser has dropped the cookies of a session that was given just now. */
export async function requireKept(): Promise<void> {
  const response = await fetch(apiUrl("/api/v1/auth/me"), { credentials: "include" });
  if (response.status === 401) throw new Unkept();
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
