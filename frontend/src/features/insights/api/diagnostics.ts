import { useCallback, useState } from "react";
import * as v from "valibot";
import { api } from "@/lib/api/client";
import { readEvents, parseEventData } from "@/lib/api/event-stream";
import { FindingSchema } from "@/lib/api/schemas/finding.gen";
import { VerdictSchema } from "@/lib/api/schemas/verdict.gen";
import { ledgerParams, useLedger } from "@/lib/ledger/ledger";

/** A newer server may have checks that this page does not know. */
const AnyFindingSchema = v.object({ ...FindingSchema.entries, look: v.string() });

export type Finding = v.InferOutput<typeof AnyFindingSchema>;

export interface DiagnosticsState {
  isRunning: boolean;
  findings: readonly Finding[];
  verdict: v.InferOutput<typeof VerdictSchema> | null;
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
          const finding = parseEventData(AnyFindingSchema, event);
          setState((current) => ({ ...current, findings: [...current.findings, finding] }));
        } else if (event.name === "verdict") {
          const verdict = parseEventData(VerdictSchema, event);
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
