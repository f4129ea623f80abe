import { createContext, useContext, useMemo } from "react";
import type { User } from "@/lib/api/current-user";
import { formatDay, formatMonth, formatShortDay, formatWeekday } from "@/lib/dates/format";
import { dayOfInstant, formatDateTime, formatTime } from "@/lib/dates/instants";
import { useToday } from "@/lib/dates/today";
import { formatMoney, formatShare } from "@/lib/money/format";

/** A ledger that one or more users share. */
export interface Ledger {
  id: string;
  /** The name that its owner gave it. */
  name: string;
  role: Role;
  currency: string;
  timeZone: string;
  locale: string;
  /** Whether it is the user's own ledger, which requests do not have to name. */
  personal: boolean;
}

export type Role = User["ledgers"][number]["role"];

/** Returns the user's ledger with that id, or else the personal ledger. */
export function selectLedger(user: User, id?: string | undefined): Ledger {
  const personal = user.ledgers.find((ledger) => ledger.personal) ?? user.ledgers[0];
  const selected = user.ledgers.find((ledger) => ledger.id === id) ?? personal;
  if (!selected) throw new Error("The user has no ledger");
  const { time_zone: timeZone, ...rest } = selected;
  return { ...rest, timeZone };
}

export const LedgerContext = createContext<Ledger | null>(null);

/** The current ledger. */
export function useLedger(): Ledger {
  const ledger = useContext(LedgerContext);
  if (!ledger) throw new Error("useLedger must be used within a signed-in page");
  return ledger;
}

/** Whether the user may change the current ledger. The server decides; this only hides what it would refuse. */
export function useCanWrite(): boolean {
  return useLedger().role !== "viewer";
}

/** Query parameters that name the ledger; none for the personal one. */
export function ledgerParams(ledger: Ledger): { ledger?: string } {
  return ledger.personal ? {} : { ledger: ledger.id };
}

/** Prefix of the query keys of all data of a ledger, so that a new revision refreshes all of it. */
export function ledgerQueryKey(ledger: Pick<Ledger, "id">): readonly [string, string] {
  return ["ledger", ledger.id];
}

export interface Formats {
  money(amount: string, currency?: string): string;
  share(share: string): string;
  month(month: string): string;
  day(day: string): string;
  shortDay(day: string): string;
  /** Returns the name of a weekday; 1 is Monday. */
  weekday(weekday: string): string;
  /** Returns the day of an instant in the ledger's time zone. */
  dayOf(instant: string): string;
  time(instant: string): string;
  /** Formats date and time: `22 Nov 2026, 20:14`. */
  dateTime(instant: string): string;
  today: string;
}

/** Formatters for the ledger's currency, locale and time zone. */
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
