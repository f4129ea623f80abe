/**
 * The origin of the API: that of the app, unless index.html names another one (`VITE_API_ORIGIN` at build time). That
 * one is usually on another site, and some browsers block its cookies.
 */
export const API_ORIGIN = configuredOrigin() || window.location.origin;

export const isCrossOrigin = API_ORIGIN !== window.location.origin;

/** Returns the absolute URL of an API path. */
export function apiUrl(path: string): string {
  return new URL(path, API_ORIGIN).href;
}

function configuredOrigin(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="outlay-api"]')?.content ?? "";
}
