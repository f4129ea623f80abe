import { useCallback, useState } from "react";
import * as v from "valibot";
import { api } from "@/lib/api/client";
import { eventsOf, shapedData } from "@/lib/api/events";
import { ledgerQuery, useLedger } from "@/lib/ledger/ledger";

const Finding = v.object({ look: v.string(), good: v.boolean(), says: v.string() });
const Verdict = v.object({ good: v.boolean(), says: v.string() });

export type Finding = v.InferOutput<typeof Finding>;

export interface Examination {
  isRunning: boolean;
  findings: readonly Finding[];
  verdict: v.InferOutput<typeof Verdict> | null;
  error: unknown;
}

const NOT_YET: Examination = { isRunning: false, findings: [], verdict: null, error: null };

/** Has the model's server looked at; each finding is shown as it is made. */
export function useDoctor(): Examination & { examine(): void } {
  const ledger = useLedger();
  const [found, setFound] = useState(NOT_YET);

  const examine = useCallback(() => {
    setFound({ ...NOT_YET, isRunning: true });
    const listen = async (): Promise<void> => {
      const call = api.POST("/api/v1/insights/doctor", { params: { query: ledgerQuery(ledger) }, parseAs: "stream" });
      for await (const event of eventsOf(call)) {
        if (event.name === "finding") {
          const finding = shapedData(Finding, event);
          setFound((now) => ({ ...now, findings: [...now.findings, finding] }));
        } else if (event.name === "verdict") {
          const verdict = shapedData(Verdict, event);
          setFound((now) => ({ ...now, verdict }));
        }
      }
    };
    void listen()
      .catch((error: unknown) => setFound((now) => ({ ...now, error })))
      .finally(() => setFound((now) => ({ ...now, isRunning: false })));
  }, [ledger]);
  return { ...found, examine };
}
