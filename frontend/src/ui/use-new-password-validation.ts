import { useLingui } from "@lingui/react/macro";

const MIN_PASSWORD_LENGTH = 8;

/** What a new password has to be, as a hint and as rules of its field. The server knows more: those that everybody uses. */
export function useNewPasswordValidation() {
  const { t } = useLingui();
  return {
    hint: t`At least ${MIN_PASSWORD_LENGTH} characters. A few words in a row are easy to keep in mind.`,
    validation: {
      required: t`Please choose a password.`,
      minLength: { value: MIN_PASSWORD_LENGTH, message: t`That is a little short: ${MIN_PASSWORD_LENGTH} characters at least.` },
    },
  };
}
