import { msg } from "@lingui/core/macro";
import { i18n } from "@lingui/core";
import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/api/problems";
import { waitBeforeRetry, worthRetrying } from "@/lib/api/retry";
import { notify } from "@/lib/notices";

const WAITING = msg`Outlay is busy. Trying again in a moment.`;

/** Live updates keep what is shown fresh, so nothing is fetched again just because time passed. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry,
        retryDelay: waitBeforeRetry,
        staleTime: 60_000,
        refetchOnWindowFocus: true,
        // A home network has no internet at times, and its Outlay is still there.
        networkMode: "always",
      },
      mutations: { retry: (failures, error) => isBusy(error) && retry(failures, error), retryDelay: waitBeforeRetry, networkMode: "always" },
    },
  });
}

function retry(failures: number, error: Error): boolean {
  const again = worthRetrying(failures, error);
  if (again && isBusy(error)) notify(i18n._(WAITING));
  return again;
}

function isBusy(error: Error): boolean {
  return error instanceof Problem && error.isBusy;
}
