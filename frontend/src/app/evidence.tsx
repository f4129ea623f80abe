import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import * as v from "valibot";
import { ExpensesSearch } from "./search";

type Filter = v.InferOutput<typeof ExpensesSearch>;

/** An insight's evidence as the filter of the list; null where the list could not show exactly that. */
export function filterOf(evidence: Readonly<Record<string, unknown>>): Filter | null {
  const filter: Filter = v.parse(ExpensesSearch, evidence);
  const given = new Map<string, unknown>(Object.entries(filter));
  return Object.entries(evidence).every(([key, value]) => given.get(key) === value) ? filter : null;
}

/** A link to the list of exactly the payments that the evidence names; null where there can be none. */
export function linkToEvidence(evidence: Readonly<Record<string, unknown>>, children: ReactNode): ReactNode | null {
  const filter = filterOf(evidence);
  return filter ? (
    <Link to="/expenses" search={filter}>
      {children}
    </Link>
  ) : null;
}
