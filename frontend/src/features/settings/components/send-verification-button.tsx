import { Trans, useLingui } from "@lingui/react/macro";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useErrorText } from "@/ui/errors";
import { useSendVerification } from "../api/verification";

/** Sends the email that confirms an address again. */
export function SendVerificationButton({ to }: { to: string }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const send = useSendVerification();
  const sendAgain = (): void =>
    send.mutate(undefined, {
      onSuccess: () => notify(t`Sent to ${to}.`),
      onError: (error) => notify(errorText(error)),
    });
  return (
    <Button isPending={send.isPending} onPress={sendAgain}>
      <Trans>Send again</Trans>
    </Button>
  );
}
