import { createContext, useContext, useMemo } from "react";
import type { User } from "@/lib/api/current-user";
import { formatDay, formatMonth, formatShortDay, formatWeekday } from "@/lib/dates/format";
import { dayOfInstant, formatDateTime, formatTime } from "@/lib/dates/instants";
import { useToday } from "@/lib/dates/today";
import { formatMoney, formatShare } from "@/lib/money/format";

/** What one or more people keep together. */
export interface Ledger {
  id: string;
  /** What its owner calls it. */
  name: string;
  role: Role;
  currency: string;
  timeZone: string;
  locale: string;
  /** The caller's own: requests need not name it. */
  personal: boolean;
}

export type Role = User["ledgers"][number]["role"];

/** The ledger of that id, where the person has one; else the one that every account has for itself. */
export function selectLedger(user: User, id?: string | undefined): Ledger {
  const personal = user.ledgers.find((ledger) => ledger.personal) ?? user.ledgers[0];
  const selected = user.ledgers.find((ledger) => ledger.id === id) ?? personal;
  if (!selected) throw new Error("An account without a ledger");
  const { time_zone: timeZone, ...rest } = selected;
  return { ...rest, timeZone };
}

export const LedgerContext = createContext<Ledger | null>(null);

/** The ledger on screen. */
export function useLedger(): Ledger {
  const ledger = useContext(LedgerContext);
  if (!ledger) throw new Error("useLedger needs a signed-in page around it");
  return ledger;
}

/** Whether the person may change what is in the ledger on screen; the server decides, this only hides what it would refuse. */
export function useCanWrite(): boolean {
  return useLedger().role !== "viewer";
}

/** Names the ledger in a request; a personal one goes without saying. */
export function ledgerParams(ledger: Ledger): { ledger?: string } {
  return ledger.personal ? {} : { ledger: ledger.id };
}

/** Everything read from a ledger hangs below this key, so that a new revision refreshes all of it. */
export function ledgerQueryKey(ledger: Pick<Ledger, "id">): readonly [string, string] {
  return ["ledger", ledger.id];
}

export interface Formats {
  money(amount: string, currency?: string): string;
  share(share: string): string;
  month(month: string): string;
  day(day: string): string;
  shortDay(day: string): string;
  /** The name of a weekday; 1 is Monday. */
  weekday(weekday: string): string;
  /** The day on which an instant fell here. */
  dayOf(instant: string): string;
  time(instant: string): string;
  /** An instant with its day: `22 Nov 2026, 20:14`. */
  dateTime(instant: string): string;
  today: string;
}

/** How this ledger writes money and days. */
export function useFormats(): Formats {
  const { currency, locale, timeZone } = useLedger();
  const today = useToday(timeZone);
  return useMemo(
    () => ({
      money: (amount, other) => formatMoney(amount, other ?? currency, locale),
      share: (share) => formatShare(share, locale),
      month: (month) => formatMonth(month, locale),
      day: (day) => formatDay(day, today, locale),
      shortDay: (day) => formatShortDay(day, locale),
      weekday: (weekday) => formatWeekday(weekday, locale),
      dayOf: (instant) => dayOfInstant(instant, timeZone),
      time: (instant) => formatTime(instant, timeZone, locale),
      dateTime: (instant) => formatDateTime(instant, timeZone, locale),
      today,
    }),
    [currency, locale, timeZone, today],
  );
}
