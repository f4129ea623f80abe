import { useCallback, useEffect, useReducer, useRef } from "react";
import * as v from "valibot";
import { api } from "@/lib/api/client";
import { readEvents, type ServerEvent, parseEventData } from "@/lib/api/event-stream";
import { type WeekStart, useWeekStart } from "@/lib/dates/week";
import { ledgerParams, useLedger } from "@/lib/ledger/ledger";

const SentenceEvent = v.object({
  pieces: v.array(v.object({ text: v.string(), evidence: v.optional(v.record(v.string(), v.string())) })),
});
const ReadingEvent = v.object({ place: v.string() });
const UnderstoodEvent = v.object({ by: v.picklist(["grammar", "model", "nobody"]), sent: v.optional(v.string()) });
const DoneEvent = v.object({ examples: v.array(v.string()) });

/** A stretch of an answer; a number carries the filter of the list of which it is the sum or the count. */
export type Piece = v.InferOutput<typeof SentenceEvent>["pieces"][number];

export interface AskState {
  question: string;
  status: "waiting" | "done" | "failed";
  /** Where a model is, while it is asked how to read the question. */
  host: string | null;
  sentences: readonly Piece[][];
  /** What can be asked, where this could not be answered. */
  examples: readonly string[];
  /** The call to a model that the answer rests on, if one was made. */
  modelCall: string | null;
  error: unknown;
}

type AskEvent =
  | { kind: "asked"; question: string }
  | { kind: "grew"; part: Partial<AskState>; pieces?: Piece[] }
  | { kind: "failed"; error: unknown };

/** Asks a question, and lets the answer grow while it comes. A new question ends the one before. */
export function useAsk(): { state: AskState | null; ask(question: string): void } {
  const ledger = useLedger();
  const weekStart = useWeekStart();
  const [state, dispatch] = useReducer(reduceAsk, null);
  const currentRequest = useRef<AbortController | null>(null);
  useEffect(() => () => currentRequest.current?.abort(), []);

  const ask = useCallback(
    (question: string) => {
      currentRequest.current?.abort();
      const controller = new AbortController();
      currentRequest.current = controller;
      dispatch({ kind: "asked", question });
      void streamAnswer({ question, week_start: weekStart }, ledgerParams(ledger), controller.signal, dispatch);
    },
    [ledger, weekStart],
  );
  return { state, ask };
}

async function streamAnswer(
  body: { question: string; week_start: WeekStart },
  query: { ledger?: string },
  signal: AbortSignal,
  dispatch: (event: AskEvent) => void,
): Promise<void> {
  try {
    const call = api.POST("/api/v1/ask", { params: { query }, body, parseAs: "stream", signal });
    let isComplete = false;
    for await (const event of readEvents(call)) {
      if (signal.aborted) return;
      isComplete ||= event.name === "done";
      dispatch({ kind: "grew", ...answerUpdate(event) });
    }
    if (!isComplete) throw new Error("The answer broke off");
  } catch (error) {
    if (!signal.aborted) dispatch({ kind: "failed", error });
  }
}

function reduceAsk(state: AskState | null, event: AskEvent): AskState | null {
  if (event.kind === "asked") {
    const { question } = event;
    return { question, status: "waiting", host: null, sentences: [], examples: [], modelCall: null, error: null };
  }
  if (!state) return null;
  if (event.kind === "failed") return { ...state, status: "failed", error: event.error };
  return { ...state, ...event.part, sentences: event.pieces ? [...state.sentences, event.pieces] : state.sentences };
}

/** What an event adds to the answer. Throws where it is not what the API describes. */
function answerUpdate(event: ServerEvent): { part: Partial<AskState>; pieces?: Piece[] } {
  switch (event.name) {
    case "reading":
      return { part: { host: parseEventData(ReadingEvent, event).place } };
    case "understood":
      return { part: { host: null, modelCall: parseEventData(UnderstoodEvent, event).sent ?? null } };
    case "sentence":
      return { part: {}, pieces: parseEventData(SentenceEvent, event).pieces };
    case "done":
      return { part: { status: "done", examples: parseEventData(DoneEvent, event).examples } };
    default:
      return { part: {} };
  }
}
