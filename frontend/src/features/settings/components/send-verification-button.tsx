import { Trans, useLingui } from "@lingui/react/macro";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useErrorText } from "@/ui/errors";
import { useSendVerification } from "../api/verification";

/** Sends the link that confirms an address once more. */
export function SendVerificationButton({ to }: { to: string }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const send = useSendVerification();
  const press = (): void =>
    send.mutate(undefined, {
      onSuccess: () => notify(t`Sent to ${to}.`),
      onError: (error) => notify(errorText(error)),
    });
  return (
    <Button isPending={send.isPending} onPress={press}>
      <Trans>Send again</Trans>
    </Button>
  );
}
