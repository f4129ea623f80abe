import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { authOptionsQuery } from "@/lib/api/auth-options";
import type { User } from "@/lib/api/current-user";
import { Callout } from "@/ui/callout";
import { SendVerificationButton } from "./send-verification-button";

/**
 * Asks the user to confirm the address, if this Outlay sends email. Everything works meanwhile. The settings show a new
 * address that is still to be confirmed.
 */
export function VerificationNotice({ user, className }: { user: User; className?: string | undefined }) {
  const options = useQuery({ ...authOptionsQuery, enabled: !user.email_verified, staleTime: Number.POSITIVE_INFINITY });
  if (user.email_verified || user.pending_email || !options.data?.mail) return null;
  return (
    <div className={className}>
      <Callout action={<SendVerificationButton to={user.email} />}>
        <Trans>Please confirm your address with the link that we sent to {user.email}.</Trans>
      </Callout>
    </div>
  );
}
