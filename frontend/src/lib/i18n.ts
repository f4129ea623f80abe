import { i18n } from "@lingui/core";
import { directionOf } from "@/lib/locale";
import { messages } from "@/locales/en.po";

const LANGUAGE = "en";

/** The app speaks English so far; every string goes through the catalogs, so another language is one file more. */
export function startTranslations(): typeof i18n {
  i18n.loadAndActivate({ locale: LANGUAGE, messages });
  document.documentElement.lang = LANGUAGE;
  document.documentElement.dir = directionOf(LANGUAGE);
  return i18n;
}
