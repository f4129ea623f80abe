import { useCallback, useState } from "react";
import * as v from "valibot";
import { api } from "@/lib/api/client";
import { readEvents, parseEventData } from "@/lib/api/event-stream";
import { ledgerParams, useLedger } from "@/lib/ledger/ledger";

const Finding = v.object({ look: v.string(), good: v.boolean(), says: v.string() });
const VerdictEvent = v.object({ good: v.boolean(), says: v.string() });

export type Finding = v.InferOutput<typeof Finding>;

export interface DiagnosticsState {
  isRunning: boolean;
  findings: readonly Finding[];
  verdict: v.InferOutput<typeof VerdictEvent> | null;
  error: unknown;
}

const IDLE: DiagnosticsState = { isRunning: false, findings: [], verdict: null, error: null };

/** Checks the model's server. Findings appear as they arrive. */
export function useDiagnostics(): DiagnosticsState & { run(): void } {
  const ledger = useLedger();
  const [state, setState] = useState(IDLE);

  const run = useCallback(() => {
    setState({ ...IDLE, isRunning: true });
    const listen = async (): Promise<void> => {
      const call = api.POST("/api/v1/insights/doctor", { params: { query: ledgerParams(ledger) }, parseAs: "stream" });
      for await (const event of readEvents(call)) {
        if (event.name === "finding") {
          const finding = parseEventData(Finding, event);
          setState((current) => ({ ...current, findings: [...current.findings, finding] }));
        } else if (event.name === "verdict") {
          const verdict = parseEventData(VerdictEvent, event);
          setState((current) => ({ ...current, verdict }));
        }
      }
    };
    void listen()
      .catch((error: unknown) => setState((current) => ({ ...current, error })))
      .finally(() => setState((current) => ({ ...current, isRunning: false })));
  }, [ledger]);
  return { ...state, run };
}
