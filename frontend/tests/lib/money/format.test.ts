import { expect, it } from "vitest";
import { fromMinorUnits, sumAmounts, toMinorUnits } from "@/lib/money/decimals";
import { formatForInput, formatMoney, formatShare } from "@/lib/money/format";
import { parseAmount } from "@/lib/money/parse";

const plain = (text: string): string => text.replace(/\s/g, " ");

it("formats money for the locale", () => {
  expect(plain(formatMoney("1234.5", "EUR", "de-DE"))).toBe("1.234,50 €");
  expect(plain(formatMoney("1234.5", "EUR", "en-IE"))).toBe("€1,234.50");
  expect(plain(formatMoney("1200", "JPY", "ja-JP"))).toBe("￥1,200");
  expect(plain(formatMoney("-12.50", "USD", "en-US"))).toBe("-$12.50");
});

it("never rounds, however long the amount is", () => {
  expect(plain(formatMoney("999999999999.99", "EUR", "en-IE"))).toBe("€999,999,999,999.99");
  expect(plain(formatMoney("90071992547409.93", "EUR", "en-IE"))).toBe("€90,071,992,547,409.93");
  expect(plain(formatMoney("1.2345", "EUR", "en-IE"))).toBe("€1.2345");
});

it("formats a stored amount for an input so that it parses to the same amount", () => {
  for (const locale of ["en-IE", "de-DE", "fr-FR", "ar-EG", "de-CH", "en-IN"]) {
    const shown = formatForInput("-1234567.80", "EUR", locale);
    expect(parseAmount(shown, locale, "EUR"), `${locale}: ${shown}`).toMatchObject({ ok: true, amount: "-1234567.80" });
  }
});

it("adds amounts exactly", () => {
  expect(sumAmounts(["0.10", "0.20", "-0.05"], "EUR")).toBe("0.25");
  expect(sumAmounts(["999999999999.99", "0.01"], "EUR")).toBe("1000000000000.00");
  expect(sumAmounts([], "EUR")).toBe("0.00");
  expect(sumAmounts(["5", "7"], "JPY")).toBe("12");
});

it("converts amounts to minor units and back", () => {
  expect(toMinorUnits("-0.05", 2)).toBe(-5n);
  expect(fromMinorUnits(-5n, 2)).toBe("-0.05");
  expect(fromMinorUnits(1250n, 0)).toBe("1250");
});

it.each([
  ["1", "100%"],
  ["0.4213", "42%"],
  ["0.0151", "2%"],
  ["0.01", "1%"],
  ["0.0051", "1%"],
  ["0.005", "1%"],
  ["0.0049", "< 1%"],
  ["0.0003", "< 1%"],
  ["0.000001", "< 1%"],
  ["0", "0%"],
  ["-0.002", "0%"],
  ["-0.2", "-20%"],
])("formats the share %s as %s: a positive one is never zero", (share, expected) => {
  expect(formatShare(share, "en-IE")).toBe(expected);
});
