import { useCallback, useEffect, useReducer, useRef } from "react";
import * as v from "valibot";
import { api } from "@/lib/api/client";
import { eventsOf, type ServerEvent, shapedData } from "@/lib/api/events";
import { type WeekStart, useWeekStart } from "@/lib/dates/week";
import { ledgerQuery, useLedger } from "@/lib/ledger/ledger";

const Sentence = v.object({
  pieces: v.array(v.object({ text: v.string(), evidence: v.optional(v.record(v.string(), v.string())) })),
});
const Reading = v.object({ place: v.string() });
const Understood = v.object({ by: v.picklist(["grammar", "model", "nobody"]), sent: v.optional(v.string()) });
const Done = v.object({ examples: v.array(v.string()) });

/** A stretch of an answer; a number carries the filter of the list of which it is the sum or the count. */
export type Piece = v.InferOutput<typeof Sentence>["pieces"][number];

export interface Asked {
  question: string;
  state: "waiting" | "done" | "failed";
  /** Where a model is, while it is asked how to read the question. */
  place: string | null;
  sentences: readonly Piece[][];
  /** What can be asked, where this could not be answered. */
  examples: readonly string[];
  /** The call to a model that the answer rests on, if one was made. */
  sent: string | null;
  error: unknown;
}

type Change =
  | { kind: "asked"; question: string }
  | { kind: "grew"; part: Partial<Asked>; pieces?: Piece[] }
  | { kind: "failed"; error: unknown };

/** Asks a question, and lets the answer grow while it comes. A new question ends the one before. */
export function useAsk(): { asked: Asked | null; ask(question: string): void } {
  const ledger = useLedger();
  const weekStart = useWeekStart();
  const [asked, change] = useReducer(changed, null);
  const line = useRef<AbortController | null>(null);
  useEffect(() => () => line.current?.abort(), []);

  const ask = useCallback(
    (question: string) => {
      line.current?.abort();
      const open = new AbortController();
      line.current = open;
      change({ kind: "asked", question });
      void follow({ question, week_start: weekStart }, ledgerQuery(ledger), open.signal, change);
    },
    [ledger, weekStart],
  );
  return { asked, ask };
}

async function follow(
  body: { question: string; week_start: WeekStart },
  query: { ledger?: string },
  signal: AbortSignal,
  change: (what: Change) => void,
): Promise<void> {
  try {
    const call = api.POST("/api/v1/ask", { params: { query }, body, parseAs: "stream", signal });
    let whole = false;
    for await (const event of eventsOf(call)) {
      if (signal.aborted) return;
      whole ||= event.name === "done";
      change({ kind: "grew", ...partOf(event) });
    }
    if (!whole) throw new Error("The answer broke off");
  } catch (error) {
    if (!signal.aborted) change({ kind: "failed", error });
  }
}

function changed(asked: Asked | null, what: Change): Asked | null {
  if (what.kind === "asked") {
    const { question } = what;
    return { question, state: "waiting", place: null, sentences: [], examples: [], sent: null, error: null };
  }
  if (!asked) return null;
  if (what.kind === "failed") return { ...asked, state: "failed", error: what.error };
  return { ...asked, ...what.part, sentences: what.pieces ? [...asked.sentences, what.pieces] : asked.sentences };
}

/** What an event adds to the answer. Throws where it is not what the API describes. */
function partOf(event: ServerEvent): { part: Partial<Asked>; pieces?: Piece[] } {
  switch (event.name) {
    case "reading":
      return { part: { place: shapedData(Reading, event).place } };
    case "understood":
      return { part: { place: null, sent: shapedData(Understood, event).sent ?? null } };
    case "sentence":
      return { part: {}, pieces: shapedData(Sentence, event).pieces };
    case "done":
      return { part: { state: "done", examples: shapedData(Done, event).examples } };
    default:
      return { part: {} };
  }
}
