import { i18n } from "@lingui/core";
import { directionOf } from "@/lib/locale";
import { messages } from "@/locales/en.po";

const LANGUAGE = "en";

/**
 * Loads the translations. So far there is only English; every string is in the catalog, so a language is one more file.
 */
export function startTranslations(): typeof i18n {
  i18n.loadAndActivate({ locale: LANGUAGE, messages });
  document.documentElement.lang = LANGUAGE;
  document.documentElement.dir = directionOf(LANGUAGE);
  return i18n;
}
