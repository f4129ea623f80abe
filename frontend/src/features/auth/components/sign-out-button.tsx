import { Trans, useLingui } from "@lingui/react/macro";
import { notify } from "@/lib/notices";
import { Button } from "@/ui/button";
import { signOut } from "../api/authentication";

export function SignOutButton({ email }: { email: string }) {
  const { t } = useLingui();
  const notifyUnreachable = () =>
    notify(t`Outlay could not be reached, so you are still signed in.`, { label: t`Try again`, run: tryToSignOut });
  const tryToSignOut = () => void signOut().catch(notifyUnreachable);
  return (
    <Button variant="plain" aria-label={t`Sign out ${email}`} onPress={tryToSignOut}>
      <Trans>Sign out</Trans>
    </Button>
  );
}
