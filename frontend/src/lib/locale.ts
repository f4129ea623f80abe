/** Returns the browser's first locale that has a region, or else its first one, as BCP 47. */
export function browserLocale(): string {
  const locales = navigator.languages.flatMap(parseLocale);
  return (locales.find((locale) => locale.region) ?? locales[0])?.toString() ?? "en";
}

/** Returns no locale for an invalid tag. On a system without a language, Chromium's is `en-US@posix`. */
function parseLocale(tag: string): Intl.Locale[] {
  try {
    return [new Intl.Locale(tag.replace(/[@.].*/, ""))];
  } catch {
    return [];
  }
}

/** Returns the system's IANA time zone, or UTC if the browser does not know it. */
export function browserTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timeZone === "Etc/Unknown" ? "UTC" : timeZone;
}

/** Returns the writing direction of the locale's script. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const script = new Intl.Locale(locale).maximize().script ?? "Latn";
  return RIGHT_TO_LEFT.has(script) ? "rtl" : "ltr";
}

const RIGHT_TO_LEFT = new Set(["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"]);
