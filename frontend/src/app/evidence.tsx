import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import * as v from "valibot";
import { ExpensesSearch } from "./search-params";

type Filter = v.InferOutput<typeof ExpensesSearch>;

/** Converts an insight's evidence to a list filter, or null if the list cannot show exactly that evidence. */
export function evidenceFilter(evidence: Readonly<Record<string, unknown>>): Filter | null {
  const filter: Filter = v.parse(ExpensesSearch, evidence);
  const values = new Map<string, unknown>(Object.entries(filter));
  return Object.entries(evidence).every(([key, value]) => values.get(key) === value) ? filter : null;
}

/** Links to the list of exactly the payments in the evidence; null if the list cannot show them. */
export function evidenceLink(evidence: Readonly<Record<string, unknown>>, children: ReactNode): ReactNode | null {
  const filter = evidenceFilter(evidence);
  return filter ? (
    <Link to="/expenses" search={filter}>
      {children}
    </Link>
  ) : null;
}
