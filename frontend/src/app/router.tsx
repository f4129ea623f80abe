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
import { isSignedIn, currentUserQuery } from "@/lib/api/current-user";
import { ApiProblem, ChunkLoadError } from "@/lib/api/errors";
import { prefetchHome } from "./prefetch-home";
import { PageError } from "./page-error";
import { PageLoading } from "./page-loading";
import {
  SignInSearch,
  ExpensesSearch,
  HomeSearch,
  LedgerSearch,
  parseSearch,
  safeNextPath,
  setupTokenIn,
  stringifySearch,
} from "./search-params";

interface RouterContext {
  queries: QueryClient;
}

const loadShell = () => import("./shell");
const loadHome = () => import("./pages/home-page");

/** A page whose code is loaded when it is opened. */
const page: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      return await load();
    } catch {
      throw new ChunkLoadError();
    }
  }, name);

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

/**
 * Parent of all pages that need a session. Without one, redirects to the sign-in page, which returns here afterwards.
 */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  validateSearch: LedgerSearch,
  search: { middlewares: [retainSearchParams(["ledger"])] },
  beforeLoad: async ({ context, location }) => {
    // Load the code while the current user is fetched.
    void loadShell();
    if (location.pathname === "/") void loadHome();
    try {
      await context.queries.ensureQueryData(currentUserQuery);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      // Not in `next`, which browsers send to servers.
      if (setupTokenIn(location.hash)) throw redirect({ to: "/sign-up", hash: location.hash });
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
    }
  },
  component: page(loadShell, "Shell"),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  validateSearch: HomeSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => prefetchHome(context.queries, deps),
  component: page(loadHome, "HomePage"),
});

const expenses = createRoute({
  getParentRoute: () => signedIn,
  path: "/expenses",
  validateSearch: ExpensesSearch,
  component: page(() => import("./pages/expenses-page"), "ExpensesPage"),
});

const activity = createRoute({
  getParentRoute: () => signedIn,
  path: "/activity",
  component: page(() => import("./pages/activity-page"), "ActivityPage"),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings",
  component: page(() => import("./pages/settings-page"), "SettingsPage"),
});

const invitation = createRoute({
  getParentRoute: () => signedIn,
  path: "/invitation",
  component: page(() => import("./pages/invitation-page"), "InvitationPage"),
});

const ai = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/ai",
  component: page(() => import("./pages/ai-page"), "AiPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: SignInSearch,
  beforeLoad: redirectIfSignedIn,
  component: page(() => import("./pages/sign-in-page"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: SignInSearch,
  beforeLoad: redirectIfSignedIn,
  component: page(() => import("./pages/sign-up-page"), "SignUpPage"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: page(() => import("./pages/forgot-password-page"), "ForgotPasswordPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: page(() => import("./pages/reset-password-page"), "ResetPasswordPage"),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: page(() => import("./pages/verify-email-page"), "VerifyEmailPage"),
});

const receipt = createRoute({
  getParentRoute: () => root,
  path: "/receipt",
  component: page(() => import("./pages/erasure-receipt-page"), "ErasureReceiptPage"),
});

/** Redirects signed-in users away from the sign-in pages. */
function redirectIfSignedIn({
  context,
  search,
}: {
  context: RouterContext;
  search: { next?: string | undefined };
}): void {
  if (isSignedIn(context.queries)) throw redirect({ href: safeNextPath(search.next) });
}

const signedInPages = signedIn.addChildren([home, expenses, activity, settings, ai, invitation]);
const routes = root.addChildren([signedInPages, signIn, signUp, forgot, reset, verifyEmail, receipt]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: routes,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
  });
}

const NotFound = page(() => import("./pages/not-found-page"), "NotFoundPage");

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
