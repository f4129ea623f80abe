import { Trans, useLingui } from "@lingui/react/macro";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { useFaultText } from "@/ui/faults";
import { useSignOut } from "../api/sessions";

export function SignOutButton({ email }: { email: string }) {
  const { t } = useLingui();
  const faultText = useFaultText();
  const signOut = useSignOut();
  return (
    <Button
      look="plain"
      aria-label={t`Sign out ${email}`}
      isPending={signOut.isPending}
      onPress={() => signOut.mutate(undefined, { onError: (error) => notify(faultText(error)) })}
    >
      <Trans>Sign out</Trans>
    </Button>
  );
}
