import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { I18nProvider as AriaI18nProvider } from "react-aria-components/I18nProvider";
import type { Action } from "@/lib/api/client";
import { LedgerContext } from "@/lib/ledger/ledger";
import { UndoContext } from "@/lib/ledger/undo";
import { Notices } from "@/ui/notices";
import { LEDGER } from "./ledger";

/** Renders within the providers of a signed-in page. */
export function renderSignedIn(children: ReactNode, undo: (action: Action) => void = () => {}): RenderResult {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <LedgerContext value={LEDGER}>
          <AriaI18nProvider locale={LEDGER.locale}>
            <UndoContext value={undo}>{children}</UndoContext>
            <Notices />
          </AriaI18nProvider>
        </LedgerContext>
      </QueryClientProvider>
    </I18nProvider>,
  );
}

/** Returns axe's violations, except colour contrast, which needs a real browser. */
export async function accessibilityViolations(element: Element): Promise<string[]> {
  const results = await axe.run(element, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return results.violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" ")}`,
  );
}
