const UTC = { timeZone: "UTC" } as const;

/** `November 2026` */
export function formatMonth(month: string, locale: string): string {
  return format(`${month}-01`, locale, { month: "long", year: "numeric" });
}

/** `Sunday, 22 November`, with the year if it differs from today's. */
export function formatDay(day: string, today: string, locale: string): string {
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return format(day, locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: sameYear ? undefined : "numeric",
  });
}

/** `22 Nov 2026` */
export function formatShortDay(day: string, locale: string): string {
  return format(day, locale, { day: "numeric", month: "short", year: "numeric" });
}

/** `22` */
export function formatDayNumber(day: string, locale: string): string {
  return format(day, locale, { day: "numeric" });
}

/** `Sunday`; 1 is Monday. */
export function formatWeekday(weekday: string, locale: string): string {
  return format(`2024-01-0${weekday}`, locale, { weekday: "long" });
}

function format(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, ...UTC }).format(new Date(`${day}T00:00:00Z`));
}
