import { evaluate, round } from "./arithmetic";
import { decimalsOf, fromMinorUnits } from "./decimals";

/** Reasons why a typed amount is invalid. */
export type AmountError = "empty" | "unreadable" | "zero" | "too-large" | "too-fine";

export type ParsedAmount = { ok: true; amount: string; computed: boolean } | { ok: false; error: AmountError };

const MAX_MINOR_UNITS = 10n ** 12n;

/**
 * Parses a typed amount, in the locale's number format or as an expression (`16,99*1,1`), and returns the decimal
 * string that the API takes.
 */
export function parseAmount(typed: string, locale: string, currency: string): ParsedAmount {
  const text = normalize(typed, locale, currency);
  if (text === "") return { ok: false, error: "empty" };
  const value = evaluate(text);
  if (!value) return { ok: false, error: "unreadable" };
  const decimals = decimalsOf(currency);
  const computed = !/^-?[0-9.]+$/.test(text);
  if (!computed && (text.split(".")[1]?.length ?? 0) > decimals) return { ok: false, error: "too-fine" };
  const units = round(value, decimals);
  if (units === 0n) return { ok: false, error: "zero" };
  if (units > MAX_MINOR_UNITS || units < -MAX_MINOR_UNITS) return { ok: false, error: "too-large" };
  return { ok: true, amount: fromMinorUnits(units, decimals), computed };
}

function normalize(typed: string, locale: string, currency: string): string {
  const { group, decimal, zero, symbol } = numberMarks(locale, currency);
  const bare = typed
    .normalize("NFKC")
    .replaceAll(symbol, "")
    .replaceAll(currency, "")
    .replace(/[−–]/g, "-")
    .replace(/[×x]/g, "*")
    .replace(/[÷:]/g, "/")
    // spaces, group separators, and invisible bidirectional marks
    .replace(/[\s'’\p{Cf}]/gu, "")
    .replace(/\p{Nd}/gu, (digit) => asciiDigit(digit, zero));
  const whole = bare.replace(/(?<![0-9.,٫٬])[.,٫٬](?=[0-9])/g, "0$&"); // `.50`
  return whole.replace(/[0-9][0-9.,٫٬]*/g, (number) => plainNumber(number, group, decimal));
}

/** Digits without separators, in groups of three, or as in India in groups of two and a last one of three. */
const WHOLE = /^[0-9]+$|^[1-9][0-9]{0,2}([.,٫٬])(?:[0-9]{2,3}\1)*[0-9]{3}$/;

/**
 * Turns both `1.234,50` and `1,234.50` into `1234.50`. A single mark is the decimal separator unless it is the locale's
 * group separator. Other notations, such as a date, stay unchanged and are not a number.
 */
function plainNumber(number: string, group: string, decimal: string): string {
  const marks = [...number].filter((character) => /[.,٫٬]/.test(character));
  const last = marks.at(-1);
  if (last === undefined) return number;
  const fraction = number.slice(number.lastIndexOf(last) + 1);
  const repeated = marks.filter((mark) => mark === last).length > 1;
  const grouping = last !== decimal && (repeated || (last === group && fraction.length === 3));
  const whole = grouping ? number : number.slice(0, number.lastIndexOf(last));
  if (!WHOLE.test(whole)) return number;
  const digits = whole.replace(/[^0-9]/g, "");
  return grouping ? digits : `${digits}${fraction ? `.${fraction}` : ""}`;
}

interface NumberMarks {
  group: string;
  decimal: string;
  zero: number;
  symbol: string;
}

function numberMarks(locale: string, currency: string): NumberMarks {
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency }).formatToParts(12345.6);
  const find = (type: string, fallback: string): string => parts.find((part) => part.type === type)?.value ?? fallback;
  const zero = new Intl.NumberFormat(locale, { useGrouping: false }).format(0);
  return {
    group: find("group", ","),
    decimal: find("decimal", "."),
    zero: zero.codePointAt(0) ?? 48,
    symbol: find("currency", currency),
  };
}

function asciiDigit(digit: string, zero: number): string {
  const value = (digit.codePointAt(0) ?? 0) - zero;
  return value >= 0 && value <= 9 ? String(value) : digit;
}
