import { createContext, useContext } from "react";
import type { Action } from "@/lib/api/client";

/** Takes an action back. The frame of every page provides it, and says what comes of it. */
export const UndoContext = createContext<((action: Action) => void) | null>(null);

export function useUndo(): (action: Action) => void {
  const undo = useContext(UndoContext);
  if (!undo) throw new Error("useUndo needs a signed-in page around it");
  return undo;
}
