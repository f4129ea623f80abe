import { Trans, useLingui } from "@lingui/react/macro";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { signOut } from "../api/sessions";

export function SignOutButton({ email }: { email: string }) {
  const { t } = useLingui();
  const unreached = () =>
    notify(t`Outlay could not be reached, so you are still signed in.`, { label: t`Try again`, run: leave });
  const leave = () => void signOut().catch(unreached);
  return (
    <Button look="plain" aria-label={t`Sign out ${email}`} onPress={leave}>
      <Trans>Sign out</Trans>
    </Button>
  );
}
