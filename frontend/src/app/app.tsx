import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { startTranslations } from "@/lib/i18n";
import { askAgainWhoIsThere, forgetMe } from "@/lib/api/me";
import { revisions } from "@/lib/api/revisions";
import { onRenewal } from "@/lib/api/renewal";
import { type Ending, onSessionEnd } from "@/lib/api/session";
import { silence } from "@/lib/notices";
import { Notices } from "@/ui/notices";
import { makeQueryClient } from "./query-client";
import { makeRouter } from "./router";

const i18n = startTranslations();
const queries = makeQueryClient();
const router = makeRouter(queries);

/** The whole app. */
export function App() {
  useEffect(() => onSessionEnd(toTheDoor), []);
  useEffect(() => onRenewal(() => askAgainWhoIsThere(queries)), []);
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notices />
      </QueryClientProvider>
    </I18nProvider>
  );
}

/** The session is over. Who did not mean to leave comes back to the same place after signing in again. */
async function toTheDoor(ending: Ending): Promise<void> {
  const { location, matches } = router.state;
  const { href } = location;
  forgetMe(queries);
  // The pages before the door are for nobody in particular: a receipt or a new password is not interrupted.
  if (!matches.some((match) => match.routeId === "/inside")) return;
  // The page goes first: whatever still shows figures would ask for them again, and be refused.
  await router.navigate({ to: "/sign-in", search: ending === "left" || href === "/" ? {} : { next: href } });
  revisions.clear();
  queries.clear();
  silence();
}
