import { useLingui } from "@lingui/react/macro";
import { type AmountError, parseAmount } from "@/lib/money/parse";
import { decimalsOf } from "@/lib/money/decimals";

/** The server's limits. */
const MAX_NOTE_LENGTH = 2000;
const MAX_CATEGORY_LENGTH = 80;
const MAX_MERCHANT_LENGTH = 200;

/** Validation of an expense's fields, with messages for users. */
export function useExpenseValidation(locale: string, currency: string) {
  const { t } = useLingui();
  const decimals = decimalsOf(currency);
  const messages: Record<AmountError, string> = {
    empty: t`How much was it?`,
    unreadable: t`Please write the amount in digits.`,
    zero: t`An amount of zero says nothing.`,
    "too-large": t`That amount is too large.`,
    "too-fine": decimals === 0 ? t`${currency} has no decimals.` : t`${currency} has ${decimals} decimals at most.`,
  };
  const nameUpTo = (maxLength: number) => ({
    maxLength: { value: maxLength, message: t`That name is longer than ${maxLength} characters.` },
  });
  return {
    amount: {
      validate: (typed: string) => {
        const parsed = parseAmount(typed, locale, currency);
        return parsed.ok || messages[parsed.error];
      },
    },
    category: {
      validate: (typed: string) => typed.trim() !== "" || t`What was it for?`,
      ...nameUpTo(MAX_CATEGORY_LENGTH),
    },
    merchant: nameUpTo(MAX_MERCHANT_LENGTH),
    spent_on: { validate: (day: string) => day !== "" || t`Which day was it?` },
    note: {
      maxLength: { value: MAX_NOTE_LENGTH, message: t`That note is longer than ${MAX_NOTE_LENGTH} characters.` },
    },
  };
}
