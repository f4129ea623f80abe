import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { isKnown, meQuery } from "@/lib/api/me";
import { Problem, Unfetched } from "@/lib/api/problems";
import { startFetchingHome } from "./home-data";
import { PageFault } from "./page-fault";
import { PageWaiting } from "./page-waiting";
import { DoorSearch, ExpensesSearch, HomeSearch, LedgerSearch, parseSearch, safePlace, setupIn, stringifySearch } from "./search";

interface RouterContext {
  queries: QueryClient;
}

const loadShell = () => import("./shell");
const loadHome = () => import("./pages/home-page");

/** A page whose code comes when it is opened. */
const page: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      return await load();
    } catch {
      throw new Unfetched();
    }
  }, name);

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

/** Everything behind the door: who is not signed in goes to the door, and comes back to the same place after. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  validateSearch: LedgerSearch,
  search: { middlewares: [retainSearchParams(["ledger"])] },
  beforeLoad: async ({ context, location }) => {
    // The code comes while we ask who is there.
    void loadShell();
    if (location.pathname === "/") void loadHome();
    try {
      await context.queries.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      // Not as `next`, which a server would get to see.
      if (setupIn(location.hash)) throw redirect({ to: "/sign-up", hash: location.hash });
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
    }
  },
  component: page(loadShell, "Shell"),
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  validateSearch: HomeSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => startFetchingHome(context.queries, deps),
  component: page(loadHome, "HomePage"),
});

const expenses = createRoute({
  getParentRoute: () => inside,
  path: "/expenses",
  validateSearch: ExpensesSearch,
  component: page(() => import("./pages/expenses-page"), "ExpensesPage"),
});

const activity = createRoute({
  getParentRoute: () => inside,
  path: "/activity",
  component: page(() => import("./pages/activity-page"), "ActivityPage"),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: page(() => import("./pages/settings-page"), "SettingsPage"),
});

const invitation = createRoute({
  getParentRoute: () => inside,
  path: "/invitation",
  component: page(() => import("./pages/invitation-page"), "InvitationPage"),
});

const ai = createRoute({
  getParentRoute: () => inside,
  path: "/settings/ai",
  component: page(() => import("./pages/ai-page"), "AiPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: DoorSearch,
  beforeLoad: passThrough,
  component: page(() => import("./pages/sign-in-page"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: DoorSearch,
  beforeLoad: passThrough,
  component: page(() => import("./pages/sign-up-page"), "SignUpPage"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: page(() => import("./pages/forgot-page"), "ForgotPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: page(() => import("./pages/reset-page"), "ResetPage"),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: page(() => import("./pages/verify-email-page"), "VerifyEmailPage"),
});

const receipt = createRoute({
  getParentRoute: () => root,
  path: "/receipt",
  component: page(() => import("./pages/receipt-page"), "ReceiptPage"),
});

/** Nobody who is known to be signed in needs the door. */
function passThrough({ context, search }: { context: RouterContext; search: { next?: string | undefined } }): void {
  if (isKnown(context.queries)) throw redirect({ href: safePlace(search.next) });
}

const insidePages = inside.addChildren([home, expenses, activity, settings, ai, invitation]);
const routes = root.addChildren([insidePages, signIn, signUp, forgot, reset, verifyEmail, receipt]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: routes,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: PageWaiting,
    defaultErrorComponent: PageFault,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
  });
}

const NotFound = page(() => import("./pages/not-found-page"), "NotFoundPage");

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
