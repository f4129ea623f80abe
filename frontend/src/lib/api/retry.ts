import { Problem, Unreachable } from "./problems";

const MOST_WAITS = 4;
const LONGEST_WAIT_MS = 30_000;

/** Whether to ask again: only where nothing is wrong with the request itself. */
export function worthRetrying(failures: number, error: unknown): boolean {
  if (error instanceof Problem) return error.isBusy && failures < MOST_WAITS;
  return error instanceof Unreachable && failures < 2;
}

/** How long to wait first: what the server asked for, else a little longer each time. */
export function waitBeforeRetry(failures: number, error: unknown): number {
  const asked = error instanceof Problem ? error.retryAfterMs : null;
  const own = Math.min(1000 * 2 ** failures, LONGEST_WAIT_MS);
  return Math.min(Math.max(asked ?? own, 250), LONGEST_WAIT_MS);
}
