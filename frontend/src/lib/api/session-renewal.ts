import { apiUrl } from "./origin";

/** The outcome of a renewal. `unsure`: unknown whether it worked; try again later. */
export type RenewalOutcome = "renewed" | "ended" | "unsure";

/**
 * Later responses are ignored. auth relies on this limit (decision 0026): it replaces no refresh token within 60
 * seconds of issuing it, so that a late response never overwrites the cookie of a newer one.
 */
const RENEWAL_TIMEOUT_MS = 15_000;
const CHANNEL = "outlay.renewal";

const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;

let currentRenewal: Promise<RenewalOutcome> | null = null;
/** The renewal that another tab has started. */
let renewalInOtherTab: Promise<RenewalOutcome> | null = null;
let settleRenewalInOtherTab: (outcome: RenewalOutcome) => void = () => {};
let isRequesting = false;
let isPageHidden = false;
let pageShownCallbacks: (() => void)[] = [];

/** Renews the session by its cookie. Concurrent calls, also in other tabs, share one request if possible. */
export function renewSession(): Promise<RenewalOutcome> {
  currentRenewal ??= renew().finally(() => {
    currentRenewal = null;
  });
  return currentRenewal;
}

/**
 * Resolves when no response to a renewal is pending in this tab, which could overwrite the cookies of a new session.
 */
export async function waitForPendingRenewal(): Promise<void> {
  await currentRenewal;
}

/**
 * Calls the listener after each renewal, when the user's permissions may have changed. Returns the unsubscribe
 * function.
 */
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

/**
 * Waits by a timer, which ends with its page: a page that is being unloaded, and whose requests are aborted, starts no
 * renewal.
 */
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
      // If the page is unloaded after all, the browser still stores the response's cookies.
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
  // Other tabs do not have to wait for a response that this page will not read.
  if (isRequesting) channel?.postMessage("unsure");
  isRequesting = false;
});

window.addEventListener("pageshow", () => {
  isPageHidden = false;
  for (const resolve of pageShownCallbacks) resolve();
  pageShownCallbacks = [];
});
