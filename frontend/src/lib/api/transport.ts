import { readProblem, UnreachableError } from "./errors";
import { revisions } from "./revisions";
import { waitForPendingRenewal, renewSession } from "./session-renewal";
import { announceSessionEnd } from "./session";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const SIGN_IN_PATHS = /^\/api\/v1\/auth\/(register|login)$/;
const SESSION_PATHS = /^\/api\/v1\/auth\/(register|login|refresh|logout)$/;

/**
 * Sends all requests of the app. Identifies the client (CSRF protection), requests at least the latest known revision,
 * renews an expired session once, and records the revision of the response.
 */
export async function send(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const revisionBefore = latestRevision(request);
  // A late response about the previous session would overwrite the cookies of the new one.
  if (SIGN_IN_PATHS.test(path)) await waitForPendingRenewal();
  let response = await sendOnce(request);
  if (response.status === 401 && !SESSION_PATHS.test(path)) response = await retryAfterRenewal(request, response);
  if (response.status === 412 && SAFE_METHODS.has(request.method))
    response = await retryAfterHistoryReplaced(request, response);
  return SAFE_METHODS.has(request.method) ? rereadIfOutdated(request, response, revisionBefore) : response;
}

async function sendOnce(request: Request): Promise<Response> {
  const ledger = requestLedger(request);
  const outgoing = new Request(request.clone(), { headers: outgoingHeaders(request, ledger), credentials: "include" });
  const response = await fetch(outgoing).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new UnreachableError();
  });
  if (ledger && response.ok) revisions.advance(ledger, responseRevision(response));
  return response;
}

function outgoingHeaders(request: Request, ledger: string | null): Headers {
  const headers = new Headers(request.headers);
  if (!SAFE_METHODS.has(request.method)) headers.set("Outlay-Client", "web");
  else if (ledger && revisions.latest(ledger) > 0) headers.set("Outlay-Min-Revision", String(revisions.latest(ledger)));
  return headers;
}

function requestLedger(request: Request): string | null {
  const { pathname, searchParams } = new URL(request.url);
  return pathname.startsWith("/api/v1/auth/") ? null : (searchParams.get("ledger") ?? revisions.personalLedger);
}

function latestRevision(request: Request): number {
  const ledger = requestLedger(request);
  return ledger ? revisions.latest(ledger) : 0;
}

function responseRevision(response: Response): number {
  return Number(response.headers.get("Outlay-Revision") ?? Number.NaN);
}

async function retryAfterRenewal(request: Request, rejected: Response): Promise<Response> {
  const outcome = await renewSession();
  if (outcome === "unsure") throw new UnreachableError();
  const response = outcome === "renewed" ? await sendOnce(request) : rejected;
  if (response.status === 401) void announceSessionEnd();
  return response;
}

async function retryAfterHistoryReplaced(request: Request, rejected: Response): Promise<Response> {
  const ledger = requestLedger(request);
  const problem = await readProblem(rejected);
  if (problem.slug !== "unknown-revision" || !ledger) return rejected;
  revisions.reset(ledger);
  return sendOnce(request);
}

/** Keeps a ledger that changes all the time from delaying a read forever; the next change is announced anyway. */
const MAX_REREADS = 5;

/** Repeats a read whose response may lack a write that finished meanwhile. */
async function rereadIfOutdated(request: Request, first: Response, revisionBefore: number): Promise<Response> {
  let response = first;
  let known = revisionBefore;
  for (let reread = 0; reread < MAX_REREADS; reread++) {
    const latest = latestRevision(request);
    const isOutdated =
      response.ok && responseRevision(response) < latest && !response.headers.has("Outlay-Parked-Revision");
    if (!isOutdated || latest === known) break;
    known = latest;
    // oxlint-disable-next-line no-await-in-loop -- requests must be sequential
    response = await sendOnce(request);
  }
  return response;
}
