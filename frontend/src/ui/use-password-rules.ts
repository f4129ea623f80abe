import { useLingui } from "@lingui/react/macro";

const SHORTEST_PASSWORD = 8;

/** What a new password has to be, as a hint and as rules of its field. The server knows more: those that everybody uses. */
export function usePasswordRules() {
  const { t } = useLingui();
  return {
    hint: t`At least ${SHORTEST_PASSWORD} characters. A few words in a row are easy to keep in mind.`,
    rules: {
      required: t`Please choose a password.`,
      minLength: { value: SHORTEST_PASSWORD, message: t`That is a little short: ${SHORTEST_PASSWORD} characters at least.` },
    },
  };
}
