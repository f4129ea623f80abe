import { useLingui } from "@lingui/react/macro";
import { type AmountFault, parseAmount } from "@/lib/money/parse";
import { decimalsOf } from "@/lib/money/decimals";

/** As the server takes them. */
const LONGEST_NOTE = 2000;
const LONGEST_CATEGORY = 80;
const LONGEST_MERCHANT = 200;

/** What each field of an expense must be, in words for people. */
export function useRules(locale: string, currency: string) {
  const { t } = useLingui();
  const decimals = decimalsOf(currency);
  const faults: Record<AmountFault, string> = {
    empty: t`How much was it?`,
    unreadable: t`Please write the amount in digits.`,
    zero: t`An amount of zero says nothing.`,
    "too-large": t`That amount is too large.`,
    "too-fine": decimals === 0 ? t`${currency} has no decimals.` : t`${currency} has ${decimals} decimals at most.`,
  };
  const nameOf = (longest: number) => ({
    maxLength: { value: longest, message: t`That name is longer than ${longest} characters.` },
  });
  return {
    amount: {
      validate: (typed: string) => {
        const parsed = parseAmount(typed, locale, currency);
        return parsed.ok || faults[parsed.fault];
      },
    },
    category: { validate: (typed: string) => typed.trim() !== "" || t`What was it for?`, ...nameOf(LONGEST_CATEGORY) },
    merchant: nameOf(LONGEST_MERCHANT),
    spent_on: { validate: (day: string) => day !== "" || t`Which day was it?` },
    note: { maxLength: { value: LONGEST_NOTE, message: t`That note is longer than ${LONGEST_NOTE} characters.` } },
  };
}
