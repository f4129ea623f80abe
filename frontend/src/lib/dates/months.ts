import { type CalendarDate, endOfMonth, parseDate, today } from "@internationalized/date";

/** A calendar month, `2026-11`. */
export type Month = string;

/** Inclusive days, ISO 8601. */
export interface DateRange {
  from: string;
  to: string;
}

export const MONTH_PATTERN = /^(?!0000)\d{4}-(0[1-9]|1[0-2])$/;

/** Whether the day exists: not 31 February, nor a day before year 1. */
export function isCalendarDay(day: string): boolean {
  try {
    return parseDate(day).toString() === day && day >= "0001";
  } catch {
    return false;
  }
}

/** Returns today in the ledger's time zone, which may differ from the browser's. */
export function todayIn(timeZone: string): CalendarDate {
  try {
    return today(timeZone);
  } catch {
    return today("UTC");
  }
}

export function monthOf(date: CalendarDate): Month {
  return date.toString().slice(0, 7);
}

export function firstDayOf(month: Month): CalendarDate {
  return parseDate(`${month}-01`);
}

export function monthRange(month: Month): DateRange {
  const first = firstDayOf(month);
  return { from: first.toString(), to: endOfMonth(first).toString() };
}

export function addMonths(month: Month, count: number): Month {
  return monthOf(firstDayOf(month).add({ months: count }));
}
