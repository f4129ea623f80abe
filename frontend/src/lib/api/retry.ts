import { ApiProblem, UnreachableError } from "./errors";

const MAX_BUSY_RETRIES = 4;
const MAX_DELAY_MS = 30_000;

/** Whether to retry: only if the request itself was valid. */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (error instanceof ApiProblem) return error.isBusy && failures < MAX_BUSY_RETRIES;
  return error instanceof UnreachableError && failures < 2;
}

/** Returns the delay before a retry: the server's Retry-After, otherwise exponential backoff. */
export function retryDelay(failures: number, error: unknown): number {
  const requested = error instanceof ApiProblem ? error.retryAfterMs : null;
  const backoff = Math.min(1000 * 2 ** failures, MAX_DELAY_MS);
  return Math.min(Math.max(requested ?? backoff, 250), MAX_DELAY_MS);
}
