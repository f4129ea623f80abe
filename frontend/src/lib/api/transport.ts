import { problemOf, Unreachable } from "./problems";
import { revisions } from "./revisions";
import { renewalSettled, renewSession } from "./renewal";
import { announceSessionEnd } from "./session";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const OPENS_SESSION = /^\/api\/v1\/auth\/(register|login)$/;
const SESSION_PATHS = /^\/api\/v1\/auth\/(register|login|refresh|logout)$/;

/**
 * Every request of the app goes through here: it says who it comes from (CSRF), asks for at least what was seen,
 * renews the session once when it has run out, and notes the revision that comes back.
 */
export async function send(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const known = seenOf(request);
  // A late answer about the session that was here before would overwrite the cookies of the one that begins.
  if (OPENS_SESSION.test(path)) await renewalSettled();
  let response = await attempt(request);
  if (response.status === 401 && !SESSION_PATHS.test(path)) response = await renewed(request, response);
  if (response.status === 412 && SAFE.has(request.method)) response = await afterRewind(request, response);
  return SAFE.has(request.method) ? overtaken(request, response, known) : response;
}

async function attempt(request: Request): Promise<Response> {
  const ledger = ledgerOf(request);
  const outgoing = new Request(request.clone(), { headers: headersOf(request, ledger), credentials: "include" });
  const response = await fetch(outgoing).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new Unreachable();
  });
  if (ledger && response.ok) revisions.note(ledger, revisionOf(response));
  return response;
}

function headersOf(request: Request, ledger: string | null): Headers {
  const headers = new Headers(request.headers);
  if (!SAFE.has(request.method)) headers.set("Outlay-Client", "web");
  else if (ledger && revisions.seen(ledger) > 0) headers.set("Outlay-Min-Revision", String(revisions.seen(ledger)));
  return headers;
}

function ledgerOf(request: Request): string | null {
  const { pathname, searchParams } = new URL(request.url);
  return pathname.startsWith("/api/v1/auth/") ? null : (searchParams.get("ledger") ?? revisions.home);
}

function seenOf(request: Request): number {
  const ledger = ledgerOf(request);
  return ledger ? revisions.seen(ledger) : 0;
}

function revisionOf(response: Response): number {
  return Number(response.headers.get("Outlay-Revision") ?? Number.NaN);
}

async function renewed(request: Request, refused: Response): Promise<Response> {
  const renewal = await renewSession();
  if (renewal === "unsure") throw new Unreachable();
  const response = renewal === "renewed" ? await attempt(request) : refused;
  if (response.status === 401) void announceSessionEnd();
  return response;
}

async function afterRewind(request: Request, refused: Response): Promise<Response> {
  const ledger = ledgerOf(request);
  const problem = await problemOf(refused);
  if (problem.slug !== "unknown-revision" || !ledger) return refused;
  revisions.forget(ledger);
  return attempt(request);
}

/** A ledger that changes all the time must not keep anybody waiting: the next change is announced anyway. */
const MOST_OVERTAKINGS = 5;

/** What was written while a read was on its way may be missing in its answer: then it is asked for again. */
async function overtaken(request: Request, first: Response, knownThen: number): Promise<Response> {
  let response = first;
  let known = knownThen;
  for (let again = 0; again < MOST_OVERTAKINGS; again++) {
    const seen = seenOf(request);
    const isOlder = response.ok && revisionOf(response) < seen && !response.headers.has("Outlay-Parked-Revision");
    if (!isOlder || seen === known) break;
    known = seen;
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    response = await attempt(request);
  }
  return response;
}
