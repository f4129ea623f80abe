import * as v from "valibot";
import { isCalendarDay, MONTH_PATTERN } from "@/lib/dates/months";

/** Search parameters of the pages. Invalid values are ignored. */
const lenient = <Schema extends v.GenericSchema<string>>(schema: Schema) => v.fallback(v.optional(schema), undefined);
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const day = v.pipe(v.string(), v.isoDate(), v.check(isCalendarDay));

/** The current ledger; absent for the personal one. All signed-in pages keep this parameter. */
export const LedgerSearch = v.object({ ledger: lenient(text) });

/** Up to 100 comma-separated ids, the limit of the list endpoint. */
const ids = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}(,[0-9a-f-]{36}){0,99}$/i));

export const HomeSearch = v.object({ month: lenient(v.pipe(v.string(), v.regex(MONTH_PATTERN))) });

export const ExpensesSearch = v.object({
  q: lenient(text),
  from: lenient(day),
  to: lenient(day),
  category: lenient(text),
  merchant: lenient(text),
  currency: lenient(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
  tag: lenient(text),
  weekday: lenient(v.pipe(v.string(), v.regex(/^[1-7]$/))),
  ids: lenient(ids),
});

/** The path may contain many expense ids. */
export const SignInSearch = v.object({ next: lenient(v.pipe(v.string(), v.maxLength(5000))) });

/** Returns the path to open after signing in. Only paths of this app are accepted. */
export function safeNextPath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}

/** Parses search parameters as plain strings, not as JSON. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const query = new URLSearchParams(entries).toString();
  return query && `?${query}`;
}

const SETUP = "setup=";

/** Returns a set-up link's token from the URL fragment, which browsers do not send to servers. */
export function setupTokenIn(hash: string): string | undefined {
  return hash.startsWith(SETUP) ? hash.slice(SETUP.length) : undefined;
}
