import { createContext, useContext } from "react";
import type { User } from "@/lib/api/current-user";

export type WeekStart = User["week_start"];

export const WEEK_STARTS = ["monday", "sunday", "saturday"] as const satisfies readonly WeekStart[];

/** Where weeks begin for the person who is signed in. */
export const WeekStartContext = createContext<WeekStart>("monday");

export function useWeekStart(): WeekStart {
  return useContext(WeekStartContext);
}
