import { useLingui } from "@lingui/react/macro";

const MIN_PASSWORD_LENGTH = 8;

/** The hint and validation of a new password. The server also refuses common passwords. */
export function useNewPasswordValidation() {
  const { t } = useLingui();
  return {
    hint: t`At least ${MIN_PASSWORD_LENGTH} characters. A few words in a row are easy to keep in mind.`,
    validation: {
      required: t`Please choose a password.`,
      minLength: {
        value: MIN_PASSWORD_LENGTH,
        message: t`That is a little short: ${MIN_PASSWORD_LENGTH} characters at least.`,
      },
    },
  };
}
