import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import * as v from "valibot";
import { ExpensesSearch } from "./search-params";

type Filter = v.InferOutput<typeof ExpensesSearch>;

/** An insight's evidence as the filter of the list; null where the list could not show exactly that. */
export function evidenceFilter(evidence: Readonly<Record<string, unknown>>): Filter | null {
  const filter: Filter = v.parse(ExpensesSearch, evidence);
  const values = new Map<string, unknown>(Object.entries(filter));
  return Object.entries(evidence).every(([key, value]) => values.get(key) === value) ? filter : null;
}

/** A link to the list of exactly the payments that the evidence names; null where there can be none. */
export function evidenceLink(evidence: Readonly<Record<string, unknown>>, children: ReactNode): ReactNode | null {
  const filter = evidenceFilter(evidence);
  return filter ? (
    <Link to="/expenses" search={filter}>
      {children}
    </Link>
  ) : null;
}
