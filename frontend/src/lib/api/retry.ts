import { ApiProblem, UnreachableError } from "./errors";

const MAX_BUSY_RETRIES = 4;
const MAX_DELAY_MS = 30_000;

/** Whether to ask again: only where nothing is wrong with the request itself. */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (error instanceof ApiProblem) return error.isBusy && failures < MAX_BUSY_RETRIES;
  return error instanceof UnreachableError && failures < 2;
}

/** How long to wait first: what the server asked for, else a little longer each time. */
export function retryDelay(failures: number, error: unknown): number {
  const requested = error instanceof ApiProblem ? error.retryAfterMs : null;
  const backoff = Math.min(1000 * 2 ** failures, MAX_DELAY_MS);
  return Math.min(Math.max(requested ?? backoff, 250), MAX_DELAY_MS);
}
