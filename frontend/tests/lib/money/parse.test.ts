import { describe, expect, it } from "vitest";
import { parseAmount } from "@/lib/money/parse";

function amount(typed: string, locale = "en-IE", currency = "EUR"): string {
  const parsed = parseAmount(typed, locale, currency);
  return parsed.ok ? parsed.amount : parsed.error;
}

describe("an amount is parsed in the locale's format", () => {
  it.each([
    ["12.50", "en-IE", "12.50"],
    ["12,50", "de-DE", "12.50"],
    ["1.234,50", "de-DE", "1234.50"],
    ["1,234.50", "en-IE", "1234.50"],
    ["1 234,50", "fr-FR", "1234.50"],
    ["1’234.50", "de-CH", "1234.50"],
    ["1,23,456.70", "en-IN", "123456.70"],
    ["١٢٫٥٠", "ar-EG", "12.50"],
    ["۱۲٫۵", "fa-IR", "12.50"],
    ["€12.50", "en-IE", "12.50"],
    ["12,50 €", "de-DE", "12.50"],
    ["-3", "en-IE", "-3.00"],
    ["−3", "en-IE", "-3.00"],
    [" 5 ", "en-IE", "5.00"],
    ["12.", "en-IE", "12.00"],
    [".50", "en-IE", "0.50"],
    [",5", "de-DE", "0.50"],
    ["1.234.567", "de-DE", "1234567.00"],
    ["1234567,5", "de-DE", "1234567.50"],
  ])("%s in %s is %s", (typed, locale, expected) => {
    expect(amount(typed, locale)).toBe(expected);
  });

  it("accepts the other decimal mark if it cannot be a group separator", () => {
    expect(amount("12,50", "en-IE")).toBe("12.50");
    expect(amount("12.50", "de-DE")).toBe("12.50");
  });

  it("treats a mark before three digits as a group separator only if the locale does", () => {
    expect(amount("1,234", "en-IE")).toBe("1234.00");
    expect(amount("1.234", "de-DE")).toBe("1234.00");
    expect(amount("1.234", "en-IE")).toBe("too-fine");
    expect(amount("0.500", "de-DE")).toBe("too-fine");
  });
});

describe("the mark of the locale decides what a number with one mark is", () => {
  it.each([
    // typed, locale, currency, expected
    ["1.234", "de-DE", "KWD", "1234.000"],
    ["1,234", "de-DE", "KWD", "1.234"],
    ["1.234", "en-IE", "KWD", "1.234"],
    ["1,234", "en-IE", "KWD", "1234.000"],
    ["12.345", "en-IE", "KWD", "12.345"],
    ["1,234,567", "de-DE", "EUR", "too-fine"],
    ["1.234.567", "en-IE", "EUR", "too-fine"],
    ["1.234", "fr-FR", "KWD", "1.234"],
    ["1,234", "de-CH", "KWD", "1.234"],
    ["12.345", "de-DE", "EUR", "12345.00"],
    ["1.23", "de-DE", "EUR", "1.23"],
    ["1.2345", "de-DE", "EUR", "too-fine"],
    ["1.234.567,8", "de-DE", "EUR", "1234567.80"],
    ["1,234,567.8", "de-DE", "EUR", "1234567.80"],
    ["1.234,567", "en-IE", "KWD", "unreadable"],
    ["1.234,567", "de-DE", "KWD", "1234.567"],
    ["-1.234,50", "de-DE", "EUR", "-1234.50"],
  ])("%s in %s, %s: %s", (typed, locale, currency, expected) => {
    expect(amount(typed, locale, currency)).toBe(expected);
  });
});

describe("an amount has the same bound on both sides of zero", () => {
  it.each([
    ["10000000000", "EUR", "10000000000.00"],
    ["-10000000000", "EUR", "-10000000000.00"],
    ["10000000000.01", "EUR", "too-large"],
    ["-10000000000.01", "EUR", "too-large"],
    ["1000000000000", "JPY", "1000000000000"],
    ["-1000000000000", "JPY", "-1000000000000"],
    ["1000000000001", "JPY", "too-large"],
    ["-1000000000001", "JPY", "too-large"],
    ["0-99999999999", "EUR", "too-large"],
  ])("%s %s: %s", (typed, currency, expected) => {
    expect(amount(typed, "en-IE", currency)).toBe(expected);
  });
});

it("rejects dates and lists", () => {
  for (const typed of ["1.5.2026", "1,2,3", "24.12."]) expect(amount(typed, "de-DE")).toBe("unreadable");
});

describe("an expression is computed exactly", () => {
  it.each([
    ["16.99*1.1", "18.69"],
    ["0.1+0.2", "0.30"],
    ["10/3", "3.33"],
    ["2*(3.50+1.25)-0.5", "9.00"],
    ["5×3", "15.00"],
    ["1.005*1", "1.01"],
    ["-1.005*1", "-1.01"],
    ["10/4", "2.50"],
    ["-10/4", "-2.50"],
    ["10/-4", "-2.50"],
    ["-10/-4", "2.50"],
    ["10/(2-6)", "-2.50"],
    ["1/-8", "-0.13"],
    ["12/-4/-3", "1.00"],
    ["8/2*4", "16.00"],
    ["8-2-1", "5.00"],
    ["-(3-5)", "2.00"],
    ["--3", "3.00"],
  ])("%s is %s", (typed, expected) => {
    expect(amount(typed)).toBe(expected);
  });

  it("accepts the locale's decimal mark in it", () => {
    expect(amount("16,99*1,1", "de-DE")).toBe("18.69");
  });
});

describe("an invalid amount is rejected with a reason", () => {
  it.each([
    ["", "empty"],
    ["abc", "unreadable"],
    ["1e3", "unreadable"],
    ["NaN", "unreadable"],
    ["5+", "unreadable"],
    ["(5", "unreadable"],
    ["5/0", "unreadable"],
    ["0", "zero"],
    ["5-5", "zero"],
    ["12.505", "too-fine"],
    ["99999999999999", "too-large"],
    ["9".repeat(61), "unreadable"],
    ["1.5.2026", "unreadable"],
    ["1,2,3", "unreadable"],
    ["1,234,5", "unreadable"],
    ["1.234,567.89", "unreadable"],
  ])("%s: %s", (typed, error) => {
    expect(amount(typed)).toBe(error);
  });
});

it("knows how many decimals a currency has", () => {
  expect(amount("1200", "ja-JP", "JPY")).toBe("1200");
  expect(amount("12.5", "ja-JP", "JPY")).toBe("too-fine");
  expect(amount("1.234", "en-KW", "KWD")).toBe("1.234");
});
