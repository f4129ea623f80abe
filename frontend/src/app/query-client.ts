import { msg } from "@lingui/core/macro";
import { i18n } from "@lingui/core";
import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "@/lib/api/errors";
import { retryDelay, shouldRetry } from "@/lib/api/retry";
import { notify } from "@/lib/notices";

const RETRYING = msg`Outlay is busy. Trying again in a moment.`;

/** Live updates keep the data fresh, so nothing is fetched again only because time has passed. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry,
        retryDelay,
        staleTime: 60_000,
        refetchOnWindowFocus: true,
        // A home network may be offline while its Outlay still works.
        networkMode: "always",
      },
      mutations: {
        retry: (failures, error) => isBusy(error) && retry(failures, error),
        retryDelay,
        networkMode: "always",
      },
    },
  });
}

function retry(failures: number, error: Error): boolean {
  const willRetry = shouldRetry(failures, error);
  if (willRetry && isBusy(error)) notify(i18n._(RETRYING));
  return willRetry;
}

function isBusy(error: Error): boolean {
  return error instanceof ApiProblem && error.isBusy;
}
