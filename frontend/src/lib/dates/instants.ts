/** Returns the day of an instant in the ledger's time zone. */
export function dayOfInstant(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en", { ...DAY_PARTS, timeZone: supportedTimeZone(timeZone) }).formatToParts(
    new Date(instant),
  );
  const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return `${find("year").padStart(4, "0")}-${find("month")}-${find("day")}`;
}

/** `20:14` */
export function formatTime(instant: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: supportedTimeZone(timeZone) }).format(
    new Date(instant),
  );
}

/** `22 Nov 2026, 20:14` */
export function formatDateTime(instant: string, timeZone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: supportedTimeZone(timeZone),
  });
  return format.format(new Date(instant));
}

const DAY_PARTS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  calendar: "iso8601",
  numberingSystem: "latn",
} as const;

/** Falls back to UTC for a time zone that the browser does not know. */
function supportedTimeZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
