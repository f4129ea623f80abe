/** The browser's first language with a region where it tells one, as BCP 47. */
export function browserLocale(): string {
  return navigator.languages.find((language) => new Intl.Locale(language).region) ?? navigator.language ?? "en";
}

export function browserTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
}

/** Which way the language is written. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const script = new Intl.Locale(locale).maximize().script ?? "Latn";
  return RIGHT_TO_LEFT.has(script) ? "rtl" : "ltr";
}

const RIGHT_TO_LEFT = new Set(["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"]);
