import { expect, it } from "vitest";
import { currencyChoices, guessCurrency } from "@/lib/money/currencies";

it.each([
  ["de-AT", "EUR"],
  ["en-GB", "GBP"],
  ["de-CH", "CHF"],
  ["ja", "JPY"],
  ["pt-BR", "BRL"],
  ["en", "USD"],
])("guesses the currency of %s: %s", (locale, currency) => {
  expect(guessCurrency(locale)).toBe(currency);
});

it("offers each currency once, with its name", () => {
  const choices = currencyChoices("en-IE");
  expect(new Set(choices.map((choice) => choice.code)).size).toBe(choices.length);
  expect(choices).toContainEqual({ code: "EUR", label: "Euro (EUR)" });
});
