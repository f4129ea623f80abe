import * as v from "valibot";
import { isCalendarDay, MONTH_PATTERN } from "@/lib/dates/months";

/** What a page keeps in its URL. Anything that makes no sense there is left out. */
const lenient = <Schema extends v.GenericSchema<string>>(schema: Schema) => v.fallback(v.optional(schema), undefined);
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const day = v.pipe(v.string(), v.isoDate(), v.check(isCalendarDay));

/** Which ledger is on screen; the person's own goes without saying. Every page behind the door keeps it. */
export const LedgerSearch = v.object({ ledger: lenient(text) });

/** Up to a hundred ids, as the list takes them. */
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

/** A place may name many payments. */
export const SignInSearch = v.object({ next: lenient(v.pipe(v.string(), v.maxLength(5000))) });

/** Where to go after signing in: only ever a place in this app. */
export function safeNextPath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}

/** Plain words in the URL, no JSON. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const query = new URLSearchParams(entries).toString();
  return query && `?${query}`;
}

const SETUP = "setup=";

/** The token of a set-up link, in the part of an address that no server gets to see. */
export function setupTokenIn(hash: string): string | undefined {
  return hash.startsWith(SETUP) ? hash.slice(SETUP.length) : undefined;
}
