import { useCallback, useEffect, useReducer, useRef } from "react";
import type { InferOutput } from "valibot";
import { api } from "@/lib/api/client";
import { readEvents, type ServerEvent, parseEventData } from "@/lib/api/event-stream";
import { DoneSchema } from "@/lib/api/schemas/done.gen";
import { ReadingSchema } from "@/lib/api/schemas/reading.gen";
import { SentenceSchema } from "@/lib/api/schemas/sentence.gen";
import { UnderstoodSchema } from "@/lib/api/schemas/understood.gen";
import { type WeekStart, useWeekStart } from "@/lib/dates/week";
import { ledgerParams, useLedger } from "@/lib/ledger/ledger";

/** A piece of an answer. A number has the filter of the list of which it is the sum or the count. */
export type Piece = InferOutput<typeof SentenceSchema>["pieces"][number];

export interface AskState {
  question: string;
  status: "waiting" | "done" | "failed";
  /** The model's host, while the model interprets the question. */
  host: string | null;
  sentences: readonly Piece[][];
  /** Example questions, if this one could not be answered. */
  examples: readonly string[];
  /** The id of the model call behind the answer, if there was one. */
  modelCall: string | null;
  error: unknown;
}

type AskEvent =
  | { kind: "question-asked"; question: string }
  | { kind: "answer-extended"; update: Partial<AskState>; pieces?: Piece[] }
  | { kind: "failed"; error: unknown };

/** Asks a question and streams the answer. A new question cancels the previous one. */
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
      dispatch({ kind: "question-asked", question });
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
      dispatch({ kind: "answer-extended", ...answerUpdate(event) });
    }
    if (!isComplete) throw new Error("The answer ended early");
  } catch (error) {
    if (!signal.aborted) dispatch({ kind: "failed", error });
  }
}

function reduceAsk(state: AskState | null, event: AskEvent): AskState | null {
  if (event.kind === "question-asked") {
    const { question } = event;
    return { question, status: "waiting", host: null, sentences: [], examples: [], modelCall: null, error: null };
  }
  if (!state) return null;
  if (event.kind === "failed") return { ...state, status: "failed", error: event.error };
  return { ...state, ...event.update, sentences: event.pieces ? [...state.sentences, event.pieces] : state.sentences };
}

/** Converts an event to an update of the answer. Throws if it does not match the API's description. */
function answerUpdate(event: ServerEvent): { update: Partial<AskState>; pieces?: Piece[] } {
  switch (event.name) {
    case "reading":
      return { update: { host: parseEventData(ReadingSchema, event).place } };
    case "understood":
      return { update: { host: null, modelCall: parseEventData(UnderstoodSchema, event).sent ?? null } };
    case "sentence":
      return { update: {}, pieces: parseEventData(SentenceSchema, event).pieces };
    case "done":
      return { update: { status: "done", examples: parseEventData(DoneSchema, event).examples } };
    default:
      return { update: {} };
  }
}
