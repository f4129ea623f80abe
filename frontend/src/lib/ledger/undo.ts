import { createContext, useContext } from "react";
import type { Action } from "@/lib/api/client";

/** Undoes an action and reports the result. Provided by the layout of all signed-in pages. */
export const UndoContext = createContext<((action: Action) => void) | null>(null);

export function useUndo(): (action: Action) => void {
  const undo = useContext(UndoContext);
  if (!undo) throw new Error("useUndo must be used within a signed-in page");
  return undo;
}
