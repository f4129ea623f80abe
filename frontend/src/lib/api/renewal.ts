import { apiUrl } from "./origin";

/** What became of a session that was to be renewed. `unsure`: no one could say; ask again later. */
export type Renewal = "renewed" | "ended" | "unsure";

/**
 * An answer that comes later is not waited for. auth counts on this limit (decision 0026): it replaces no refresh token
 * within 60 seconds of handing it out, so that a late answer never overwrites the cookie of a newer one.
 */
const LIMIT_MS = 15_000;
const CHANNEL = "outlay.renewal";

const listeners = new Set<() => void>();
const tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;

let running: Promise<Renewal> | null = null;
/** The renewal that another tab has begun. */
let elsewhere: Promise<Renewal> | null = null;
let endElsewhere: (outcome: Renewal) => void = () => {};
let asking = false;
let leaving = false;
let whenBack: (() => void)[] = [];

/** Renews the session by its cookie. All who ask at the same time, in whichever tab, share one request if they can. */
export function renewSession(): Promise<Renewal> {
  running ??= renew().finally(() => {
    running = null;
  });
  return running;
}

/** Resolves when no answer is under way in this tab that could set the cookies of the session that is here now. */
export async function renewalSettled(): Promise<void> {
  await running;
}

/** Calls back when the session was renewed: what the person may see can have changed. Returns how to stop listening. */
export function onRenewal(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function renew(): Promise<Renewal> {
  await pageStays();
  let outcome = (await elsewhere) ?? "unsure";
  if (outcome === "unsure") outcome = await ask();
  if (outcome === "renewed") for (const listener of listeners) listener();
  return outcome;
}

/** A timer dies with its page. So a page that goes away, whose requests are broken off, does not begin a renewal. */
function pageStays(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => (leaving ? whenBack.push(resolve) : resolve()));
  });
}

async function ask(): Promise<Renewal> {
  asking = true;
  tabs?.postMessage("begins");
  const outcome = await request();
  if (asking) tabs?.postMessage(outcome);
  asking = false;
  return outcome;
}

async function request(): Promise<Renewal> {
  try {
    const response = await fetch(apiUrl("/api/v1/auth/refresh"), {
      method: "POST",
      headers: { "Outlay-Client": "web" },
      credentials: "include",
      // Should the page go away after all, the browser still takes in the cookies of the answer.
      keepalive: true,
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (response.ok) return "renewed";
    return response.status === 401 ? "ended" : "unsure";
  } catch {
    return "unsure";
  }
}

tabs?.addEventListener("message", ({ data }: MessageEvent<"begins" | Renewal>) => {
  endElsewhere(data === "begins" ? "unsure" : data);
  if (data !== "begins") return;
  elsewhere = new Promise((resolve) => {
    const timer = setTimeout(() => endElsewhere("unsure"), LIMIT_MS);
    endElsewhere = (outcome) => {
      clearTimeout(timer);
      elsewhere = null;
      endElsewhere = () => {};
      resolve(outcome);
    };
  });
});

window.addEventListener("pagehide", () => {
  leaving = true;
  // Other tabs need not wait for a response that this page will not read.
  if (asking) tabs?.postMessage("unsure");
  asking = false;
});

window.addEventListener("pageshow", () => {
  leaving = false;
  for (const resolve of whenBack) resolve();
  whenBack = [];
});
