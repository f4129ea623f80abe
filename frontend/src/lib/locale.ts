/** The browser's first language with a region where it tells one, as BCP 47. */
export function browserLocale(): string {
  const locales = navigator.languages.flatMap(parseLocale);
  return (locales.find((locale) => locale.region) ?? locales[0])?.toString() ?? "en";
}

/** No locale where the tag is none. On a system without a language of its own, Chromium's is `en-US@posix`. */
function parseLocale(tag: string): Intl.Locale[] {
  try {
    return [new Intl.Locale(tag.replace(/[@.].*/, ""))];
  } catch {
    return [];
  }
}

/** The system's time zone by its IANA name; UTC where the browser does not know it. */
export function browserTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timeZone === "Etc/Unknown" ? "UTC" : timeZone;
}

/** Which way the language is written. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const script = new Intl.Locale(locale).maximize().script ?? "Latn";
  return RIGHT_TO_LEFT.has(script) ? "rtl" : "ltr";
}

const RIGHT_TO_LEFT = new Set(["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"]);
