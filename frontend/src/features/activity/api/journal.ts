import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { InferOutput } from "valibot";
import { type Action, api, read } from "@/lib/api/client";
import { revisions } from "@/lib/api/revisions";
import { JournalPageSchema } from "@/lib/api/schemas/journal-page.gen";
import { type Ledger, ledgerQueryKey, ledgerParams } from "@/lib/ledger/ledger";

export type JournalPage = InferOutput<typeof JournalPageSchema>;
export type JournalEntry = JournalPage["items"][number];
export type JournalChange = JournalEntry["pairs"][number];

const PAGE_SIZE = 50;

/** The journal page by page, from its newest entries. Within a page the oldest entry comes first, as in the API. */
export function journalQuery(ledger: Ledger) {
  return infiniteQueryOptions({
    queryKey: [...ledgerQueryKey(ledger), "journal"],
    queryFn: ({ pageParam, signal }) =>
      pageParam === null
        ? fetchNewest(ledger, revisions.latest(ledger.id), signal)
        : fetchUpTo(ledger, pageParam, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page): number | null => {
      const first = page.items[0]?.revision ?? 1;
      return first > 1 ? first - 1 : null;
    },
  });
}

/** The entries of one action within the first page after its start. */
export function actionQuery(ledger: Ledger, action: Action) {
  return queryOptions({
    queryKey: ["action", ledger.id, action.id],
    queryFn: async ({ signal }) => {
      const page = await fetchAfter(ledger, action.revision - 1, PAGE_SIZE, signal);
      return page.items.filter((entry) => entry.action_id === action.id);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Fetches the newest page. The last known revision is a good guess for the end; the response contains the true one. */
async function fetchNewest(ledger: Ledger, guess: number, signal: AbortSignal): Promise<JournalPage> {
  const page = await fetchUpTo(ledger, Math.max(guess, 1), signal);
  const lastRevision = page.items.at(-1)?.revision ?? 0;
  return lastRevision === page.head ? page : fetchUpTo(ledger, page.head, signal);
}

function fetchUpTo(ledger: Ledger, revision: number, signal: AbortSignal): Promise<JournalPage> {
  const start = Math.max(revision - PAGE_SIZE, 0);
  return fetchAfter(ledger, start, revision - start, signal);
}

/**
 * Fetches `size` entries after a revision. The server ends a page early if its entries are large; then the rest is
 * requested.
 */
async function fetchAfter(ledger: Ledger, start: number, size: number, signal: AbortSignal): Promise<JournalPage> {
  const page = await fetchEntries(ledger, { after: start, limit: size }, signal);
  const lastRevision = page.items.at(-1)?.revision ?? page.head;
  if (page.items.length >= size || lastRevision >= page.head) return page;
  const rest = await fetchAfter(ledger, lastRevision, size - page.items.length, signal);
  return { ...rest, items: [...page.items, ...rest.items] };
}

function fetchEntries(
  ledger: Ledger,
  range: { after: number; limit: number },
  signal: AbortSignal,
): Promise<JournalPage> {
  return read(
    JournalPageSchema,
    api.GET("/api/v1/journal", { params: { query: { ...ledgerParams(ledger), ...range } }, signal }),
  );
}
