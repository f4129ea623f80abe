/**
 * Where the API is: where the app is, unless the page that holds it names another address (`VITE_API_ORIGIN` when it was
 * built). That one is on another site as a rule, and some browsers keep no cookies for it.
 */
export const API_ORIGIN = configuredOrigin() || window.location.origin;

export const isCrossOrigin = API_ORIGIN !== window.location.origin;

/** The full address of a path of the API. */
export function apiUrl(path: string): string {
  return new URL(path, API_ORIGIN).href;
}

function configuredOrigin(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="outlay-api"]')?.content ?? "";
}
