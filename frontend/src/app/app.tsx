import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { startTranslations } from "@/lib/i18n";
import { refetchCurrentUser, markCurrentUserStale } from "@/lib/api/current-user";
import { revisions } from "@/lib/api/revisions";
import { onSessionRenewed } from "@/lib/api/session-renewal";
import { type SessionEndReason, onSessionEnd } from "@/lib/api/session";
import { clearNotices } from "@/lib/notices";
import { Notices } from "@/ui/notices";
import { createQueryClient } from "./query-client";
import { createAppRouter } from "./router";

const i18n = startTranslations();
const queries = createQueryClient();
const router = createAppRouter(queries);

/** The whole app. */
export function App() {
  useEffect(() => onSessionEnd(goToSignIn), []);
  useEffect(() => onSessionRenewed(() => refetchCurrentUser(queries)), []);
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notices />
      </QueryClientProvider>
    </I18nProvider>
  );
}

/** Goes to the sign-in page. Unless the user signed out, the current page opens again after signing in. */
async function goToSignIn(reason: SessionEndReason): Promise<void> {
  const { location, matches } = router.state;
  const { href } = location;
  markCurrentUserStale(queries);
  // Public pages do not depend on the session: a receipt or a new password is not interrupted.
  if (!matches.some((match) => match.routeId === "/signed-in")) return;
  // Navigate first: components that still show figures would request them again, and be refused.
  await router.navigate({ to: "/sign-in", search: reason === "signed-out" || href === "/" ? {} : { next: href } });
  revisions.clear();
  queries.clear();
  clearNotices();
}
