import { expect, it, vi } from "vitest";
import { browserLocale, browserTimeZone } from "@/lib/locale";

it.each([
  [["de", "de-AT", "en-GB"], "de-AT"],
  [["de"], "de"],
  [["en-US@posix"], "en-US"],
  [["C", "nl-BE"], "nl-BE"],
  [["not a language"], "en"],
  [[], "en"],
])("derives from the browser's languages %j the locale %s", (languages, locale) => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);
  expect(browserLocale()).toBe(locale);
});

it.each([
  ["Europe/Vienna", "Europe/Vienna"],
  ["Etc/Unknown", "UTC"],
])("maps the browser's time zone %s to %s", (timeZone, expected) => {
  const options = { ...new Intl.DateTimeFormat().resolvedOptions(), timeZone };
  vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue(options);
  expect(browserTimeZone()).toBe(expected);
});
