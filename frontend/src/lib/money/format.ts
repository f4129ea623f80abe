import { decimalsOf } from "./decimals";

const formatters = new Map<string, Intl.NumberFormat>();

/** Formats an amount for the locale. Takes the API's string, never a float, so nothing is rounded. */
export function formatMoney(amount: string, currency: string, locale: string): string {
  const decimals = Math.max(decimalsOf(currency), amount.split(".")[1]?.length ?? 0);
  return formatter(locale, currency, decimals).format(amount as Intl.StringNumericLiteral);
}

/** Formats an approximate amount for axes. */
export function formatApproximate(amount: number, currency: string, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    notation: "compact",
    maximumFractionDigits: 1,
    minimumFractionDigits: 0,
  }).format(amount);
}

/** Formats `"0.4213"` as 42 %. Positive values never become 0 %, but "< 1 %". */
export function formatShare(share: string, locale: string): string {
  const value = Number(share);
  const percent = new Intl.NumberFormat(locale, {
    style: "percent",
    maximumFractionDigits: 0,
    signDisplay: "negative",
  });
  return value > 0 && value < 0.005 ? `< ${percent.format(0.01)}` : percent.format(value);
}

/** Formats a stored amount for an input: without symbol and grouping, so that it parses to the same amount. */
export function formatForInput(amount: string, currency: string, locale: string): string {
  const decimals = Math.max(decimalsOf(currency), amount.split(".")[1]?.length ?? 0);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: false,
  }).format(amount as Intl.StringNumericLiteral);
}

function formatter(locale: string, currency: string, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${currency} ${decimals}`;
  const cached = formatters.get(key);
  if (cached) return cached;
  const created = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  formatters.set(key, created);
  return created;
}
