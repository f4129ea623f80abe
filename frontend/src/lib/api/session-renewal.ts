import { apiUrl } from "./origin";

/** What became of a session that was to be renewed. `unsure`: no one could say; ask again later. */
export type RenewalOutcome = "renewed" | "ended" | "unsure";

/**
 * An answer that comes later is not waited for. auth counts on this limit (decision 0026): it replaces no refresh token
 * within 60 seconds of handing it out, so that a late answer never overwrites the cookie of a newer one.
 */
const RENEWAL_TIMEOUT_MS = 15_000;
const CHANNEL = "outlay.renewal";

const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;

let currentRenewal: Promise<RenewalOutcome> | null = null;
/** The renewal that another tab has begun. */
let renewalInOtherTab: Promise<RenewalOutcome> | null = null;
let settleRenewalInOtherTab: (outcome: RenewalOutcome) => void = () => {};
let isRequesting = false;
let isPageHidden = false;
let pageShownCallbacks: (() => void)[] = [];

/** Renews the session by its cookie. All who ask at the same time, in whichever tab, share one request if they can. */
export function renewSession(): Promise<RenewalOutcome> {
  currentRenewal ??= renew().finally(() => {
    currentRenewal = null;
  });
  return currentRenewal;
}

/** Resolves when no answer is under way in this tab that could set the cookies of the session that is here now. */
export async function waitForPendingRenewal(): Promise<void> {
  await currentRenewal;
}

/** Calls back when the session was renewed: what the person may see can have changed. Returns how to stop listening. */
export function onSessionRenewed(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function renew(): Promise<RenewalOutcome> {
  await waitWhilePageIsHidden();
  let outcome = (await renewalInOtherTab) ?? "unsure";
  if (outcome === "unsure") outcome = await requestAndBroadcast();
  if (outcome === "renewed") for (const listener of listeners) listener();
  return outcome;
}

/** A timer dies with its page. So a page that goes away, whose requests are broken off, does not begin a renewal. */
function waitWhilePageIsHidden(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => (isPageHidden ? pageShownCallbacks.push(resolve) : resolve()));
  });
}

async function requestAndBroadcast(): Promise<RenewalOutcome> {
  isRequesting = true;
  channel?.postMessage("begins");
  const outcome = await sendRefreshRequest();
  if (isRequesting) channel?.postMessage(outcome);
  isRequesting = false;
  return outcome;
}

async function sendRefreshRequest(): Promise<RenewalOutcome> {
  try {
    const response = await fetch(apiUrl("/api/v1/auth/refresh"), {
      method: "POST",
      headers: { "Outlay-Client": "web" },
      credentials: "include",
      // Should the page go away after all, the browser still takes in the cookies of the answer.
      keepalive: true,
      signal: AbortSignal.timeout(RENEWAL_TIMEOUT_MS),
    });
    if (response.ok) return "renewed";
    return response.status === 401 ? "ended" : "unsure";
  } catch {
    return "unsure";
  }
}

channel?.addEventListener("message", ({ data }: MessageEvent<"begins" | RenewalOutcome>) => {
  settleRenewalInOtherTab(data === "begins" ? "unsure" : data);
  if (data !== "begins") return;
  renewalInOtherTab = new Promise((resolve) => {
    const timer = setTimeout(() => settleRenewalInOtherTab("unsure"), RENEWAL_TIMEOUT_MS);
    settleRenewalInOtherTab = (outcome) => {
      clearTimeout(timer);
      renewalInOtherTab = null;
      settleRenewalInOtherTab = () => {};
      resolve(outcome);
    };
  });
});

window.addEventListener("pagehide", () => {
  isPageHidden = true;
  // Other tabs need not wait for a response that this page will not read.
  if (isRequesting) channel?.postMessage("unsure");
  isRequesting = false;
});

window.addEventListener("pageshow", () => {
  isPageHidden = false;
  for (const resolve of pageShownCallbacks) resolve();
  pageShownCallbacks = [];
});
